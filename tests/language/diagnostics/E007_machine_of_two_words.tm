machine my machine
  blank _
  a: * -> R
