"""The whole compiler on one screen: source → syntax → machine → network → POMDP."""
