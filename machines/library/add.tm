machine add
  "Add two binary numbers: `1011+110`."
  "Each round takes the last digit off the right number and adds it to the column of the left number that is next."
  "Digits of finished columns are written O and I, so that the column can be found; a carry runs left at once through"
  "the columns still to come. When the right number is used up, O and I become 0 and 1 again."
  blank  _
  input  0 1 +
  start  right

  right:        0 1 + O I  ->   R
                _          ->   L take
  take:         0          -> _ L zero
                1          -> _ L one
                +          -> _ L clean
  zero:         0 1        ->   L
                +          ->   L zero-column
  zero-column:  O I        ->   L
                0 _        -> O R right
                1          -> I R right
  one:          0 1        ->   L
                +          ->   L one-column
  one-column:   O I        ->   L
                0 _        -> I R right
                1          -> O L carry
  carry:        1          -> 0 L
                0 _        -> 1 R right
  clean:        O          -> 0 L
                I          -> 1 L
                0 1 _      ->   S done
  done:         halt

test "1011+110"  => "10001"
test "1+1"       => "10" and halts in 14 steps
test "111+1"     => "1000"
test "0+0"       => "0"
test "+101"      => "101"
test "101+"      => "101"
