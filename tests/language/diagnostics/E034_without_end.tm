machine m
  blank _
  a: 0 -> R again(halt)
     1 -> R copies()
     _ -> S halt

macro again(state next)
  only: 1 -> R next
        * -> R again(again(next))

macro copies()
  only: * -> R more
  more: use copies()
