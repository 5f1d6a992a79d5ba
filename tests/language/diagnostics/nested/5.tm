include "6.tm"
