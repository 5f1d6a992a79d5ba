include "macros.tm"
include "decimal.tm"

machine calculator
  "A pocket calculator: 12+34, 100-1, 12x34 or 100/7, in decimal."
  "Everything is done by one macro, which adds the number right of a sign to the number left of it."
  "Minus: as in Pascal's machine of 1642, a - b is the complement of (the complement of a) + b, where the complement"
  "turns each digit d into 9 - d. The number may not grow on the way; if it would, the result is negative."
  "Times: for each digit of the right number, put a 0 behind the product and add the left number as often as the"
  "digit says."
  "Divided by: subtract as often as it goes, and count."
  "Its 244 states come out of some 70 that are written here and in the files that are included."
  blank  _
  input  0 1 2 3 4 5 6 7 8 9 + - x /
  start  sign

  sign:         +  -> S plus
                -  -> S drop-zeros(-, minus, minus)
                x  -> S times
                /  -> S drop-zeros(/, divide, by-zero)
                _  -> L result
                *  -> R

  plus:         use add(+, sum, outside)
  sum:          use clear(+, result)
  outside:      halt  # there is no wall: never comes here

  # Signs are several where zeros were dropped.
  minus:        -  ->   L
                *  ->   S complement(wall-minus)
  wall-minus:   _  -> | R find(-, R, subtract)
  subtract:     use add(-, rest, negative)
  rest:         -  ->   L complement(open)
  open:         |  -> _ R find(-, R, difference)
  difference:   use clear(-, result)

  # product = left number x digits of the right number that are not done; a done digit becomes x.
  times:        use find(_, L, equals)
  equals:       use put(=, factor)
  factor:       use find(x, R, digit)
  digit:        x  ->   R
                0  -> x R more
                1  -> 0 S to-product
                2  -> 1 S to-product
                3  -> 2 S to-product
                4  -> 3 S to-product
                5  -> 4 S to-product
                6  -> 5 S to-product
                7  -> 6 S to-product
                8  -> 7 S to-product
                9  -> 8 S to-product
                _  ->   S product
  to-product:   use find(=, L, add-once)
  add-once:     use add(=, factor, outside)
  more:         _  ->   S product
                *  ->   S past(=, L, tenfold(0, factor))
  product:      use clear(=, result)

  # quotient | complement of what is left / divisor
  divide:       /    ->   L
                *    ->   S complement(wall)
  wall:         _    -> | S once-more
  once-more:    use find(/, R, fits)
  fits:         use add(/, count, quotient)
  count:        use past(|, L, up-quotient)
  up-quotient:  0 _  -> 1 S once-more
                1    -> 2 S once-more
                2    -> 3 S once-more
                3    -> 4 S once-more
                4    -> 5 S once-more
                5    -> 6 S once-more
                6    -> 7 S once-more
                7    -> 8 S once-more
                8    -> 9 S once-more
                9    -> 0 L
  quotient:     use clear(|, result)

  result:       _  -> R strip(0, done)
                *  -> L
  done:         halt
  negative:     halt negative
  by-zero:      halt "division by zero"

macro drop-zeros(symbol sign, state next, state zero)
  "Turn zeros at the front of the number right of the sign into signs; `zero` if nothing else is there."

  front:  sign  ->      R
          0     -> sign R
          _     ->      L zero
          *     ->      L next

macro clear(symbol sign, state next)
  "Erase the sign and all that is right of it."

  right:  _     ->   L left
          *     ->   R
  left:   sign  -> _ L signs
          *     -> _ L
  signs:  sign  -> _ L
          *     ->   S next

test "12+34"  => "46"
test "999+1"  => "1000"
test "100-1"  => "99"
test "12x34"  => "408"
test "100/7"  => "14"
test "007"    => "7"
test "5-7"    halts as negative
test "1/0"    halts as "division by zero"
test "8-008"  => "0"
test "0x12"   => "0"
