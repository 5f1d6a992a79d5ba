include "8.tm"
