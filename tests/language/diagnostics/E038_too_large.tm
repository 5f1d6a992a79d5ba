machine m
  blank _
  symbols a b c d e f g h i j k l m n o p q r s t
  tapes 5
  start: *,*,*,*,* -> S,S,S,S,S halt
