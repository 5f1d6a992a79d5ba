include "4.tm"
