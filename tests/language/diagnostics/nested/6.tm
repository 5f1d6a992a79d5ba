include "7.tm"
