include "9.tm"
