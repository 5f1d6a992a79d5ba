machine m
  “Add one.”
  blank '_'
  a: * -> R halt
test “1011” => “1100”
