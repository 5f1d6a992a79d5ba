machine unary-divides
  "Does the first number divide the second: ||/||||||?"
  "Cross off as many marks of the second number as the first one has, again and again, counting on the first number by"
  "turning its marks into y. Zero divides only zero."
  blank  _
  input  | /
  start  round

  # Is anything left to cross off? If not, it came out even.
  round:    |      ->   R
            /      ->   R left
  left:     x      ->   R
            |      ->   L home
            _      ->   S accept
  home:     | / x  ->   L
            _      ->   R first
  first:    |      -> y R out
            /      ->   S reject  # zero divides no other number

  # Cross off one mark.
  out:      |      ->   R
            /      ->   R cross
  cross:    x      ->   R
            |      -> x L back
            _      ->   S reject  # it did not come out even
  back:     x / |  ->   L
            y      ->   R next
  next:     |      -> y R out
            /      ->   L restore
  restore:  y      -> | L
            _      ->   R round

test "||/||||||"  accepts
test "|||/||||"   rejects
test "|/|||"      accepts
test "||/"        accepts in 4 steps
test "/"          accepts in 2 steps
test "/|"         rejects
test "|||/|"      rejects
