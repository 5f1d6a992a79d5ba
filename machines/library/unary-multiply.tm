include "macros.tm"

machine unary-multiply
  "Multiply tallies: ||x|||."
  "For each mark of the left factor, copy the right factor to the end, behind a =. A mark that is being copied is"
  "written y. At the end only the product is left."
  blank  _
  input  | x
  start  right

  right:    | x  ->   R
            _    -> = L home
  home:     use find(_, L, next)

  # The first mark of the left factor that is left.
  next:     _  ->   R
            |  -> _ R past(x, R, copy)
            x  ->   S wipe(R, =, last)
  copy:     |  -> y R append
            =  ->   L restore
  append:   use find(_, R, put(|, find(y, L, copied)))
  copied:   y  ->   R copy
  restore:  y  -> | L
            x  ->   L home
  last:     =  -> _ S done
  done:     halt

test "||x|||"  => "||||||"
test "|||x|"   => "|||"
test "x||"     => ""
test "||x"     => ""
test "x"       => ""
