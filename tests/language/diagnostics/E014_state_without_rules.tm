machine increment
  blank  _
  start  right

  right:  0 1  -> R
          _    -> L cary
  carry:  1    -> 0 L
          0 _  -> 1 S finish(x)
          2    -> S tidy
  tidy    3    -> R
          4    -> R nowhere-at-all

macro finish(symbol mark)
  write:  *    -> mark S carry
