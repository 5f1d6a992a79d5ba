machine m
  blank  _
  start  s
  s   :  0 1  -> R
         _    -> S t
  t              # no colon
         0    -> L s
         1 _  -> S end
  end halt

piece skip(state next)
  only:  *  -> R next
