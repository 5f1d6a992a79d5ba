include "2.tm"
