include "5.tm"
