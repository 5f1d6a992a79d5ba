# Elementary cellular automata: include "@elementary". The row is on tape 1, a tally of generations on tape 2.

macro automaton(symbol f111, symbol f110, symbol f101, symbol f100, symbol f011, symbol f010, symbol f001)
  "f101 is the next value of a 0 between two ones, and so on; 000 stays 0, so that the row is finite."
  "A walk to the right replaces each cell by the next value of its left neighbour: what that needs has been read by"
  "then, and is known by the state. The row moves one cell to the right in each generation, which does no harm."

  next:      *,|  -> *,_ S,R after-00
             *,_  ->     S,S halt

  # after-ab: the last two cells were a and b.
  after-00:  0,*  -> 0,*    R,S
             1,*  -> f001,* R,S after-01
             _,*  -> 0,*    R,S last-0
  after-01:  0,*  -> f010,* R,S after-10
             1,*  -> f011,* R,S after-11
             _,*  -> f010,* R,S last-1
  after-10:  0,*  -> f100,* R,S after-00
             1,*  -> f101,* R,S after-01
             _,*  -> f100,* R,S last-0
  after-11:  0,*  -> f110,* R,S after-10
             1,*  -> f111,* R,S
             _,*  -> f110,* R,S last-1
  last-0:    _,*  -> 0,*    L,S return
  last-1:    _,*  -> f100,* L,S return
  return:    _,*  ->        R,S next
             *,*  ->        L,S
