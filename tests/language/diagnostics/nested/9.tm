include "10.tm"
