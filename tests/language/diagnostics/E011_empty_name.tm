machine ""
  blank _
  a: "" -> R halt
     _  -> L ""
