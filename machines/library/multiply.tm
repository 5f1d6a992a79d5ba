include "macros.tm"

machine multiply
  "Multiply two binary numbers: `101x11`."
  "Horner's rule. The product grows on the left, before a `=`. For each digit of the right factor, from the left:"
  "double the product (move it one cell to the left and put a 0 at its end), and if the digit is 1, add the left"
  "factor to it, column by column as the machine `add` does. A digit that is done becomes a further x. O and I are 0"
  "and 1 in columns that are done."
  blank  _
  input  0 1 x
  start  begin

  # The equals sign, then the first digit of the right factor that is not done.
  begin:           0 1 x  ->   L begin
                   _      -> = S next
  next:            0 1 =  ->   R
                   x      ->   R digit
  digit:           x      ->   R
                   0      -> x L past(=, L, double)
                   1      -> x L past(=, L, double-and-add)
                   _      ->   L erase

  # Double the product: every digit takes the place of its left neighbour.
  double:          use shift(next)
  double-and-add:  use shift(add)

  # Add the left factor to the product.
  add:             =        ->   R
                   0 1      ->   R
                   x O I    ->   L take
  take:            0        -> O L zero
                   1        -> I L one
                   =        ->   L restore
  zero:            0 1      ->   L
                   =        ->   L zero-column
  zero-column:     O I      ->   L
                   0 _      -> O R back
                   1        -> I R back
  one:             0 1      ->   L
                   =        ->   L one-column
  one-column:      O I      ->   L
                   0 _      -> I R back
                   1        -> O L carry
  carry:           1        -> 0 L
                   0 _      -> 1 R back
  back:            0 1 O I  ->   R
                   =        ->   S add
  restore:         O        -> 0 L
                   I        -> 1 L
                   0 1 _    ->   R restore-factor
  restore-factor:  0 1 =    ->   R
                   O        -> 0 R
                   I        -> 1 R
                   x        ->   R digit

  # Only the product is left.
  erase:           x 0 1  -> _ L
                   =      -> _ L home
  home:            0 1    ->   L
                   _      ->   R strip(0, done)
  done:            halt

macro shift(state next)
  "Put a 0 after the number that ends here; come back to the `=`."

  zero:    0    ->   L
           1    -> 0 L one
           _    -> 0 R return
  one:     1    ->   L
           0    -> 1 L zero
           _    -> 1 R return
  return:  0 1  ->   R
           =    ->   S next

test "101x11"   => "1111"
test "11x0"     => "0"
test "1x1"      => "1"
test "0x101"    => "0"
test "110x101"  => "11110"
test "x"        => "0"
