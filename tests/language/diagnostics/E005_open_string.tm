machine open-string
  "Documentation that never ends.
  blank _
  a: "x -> R halt
     _ -> S halt

test "11 => "1"
