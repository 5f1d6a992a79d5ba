machine m
  blank _
  input 一..鿿
  a: * -> R
