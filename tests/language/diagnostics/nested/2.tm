include "3.tm"
