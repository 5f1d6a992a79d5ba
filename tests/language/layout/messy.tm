

# A file in need of care.
#second line
include   "macros.tm"   # for later
machine   messy
 # about the blank
 blank _ # fills the tape
 tapes 2


 symbols 0   1 # long
 symbols x

 # alone


 # above the state
 a-state-with-a-name-that-is-long: 0,1 (0 1),* -> *,1 R,S find(x,b) # here
 b: # commented
 1,1->R,R # c
 *,*-> undefined
 c:
 # between
 _,_->x,x S,S halt
 0,0 -> 1 R too many words
 d:halt   "over flow"
 e:use find( x,find(0,b) )
# for the macro
macro find( symbol goal,state found )#hey
 "Doc."
 go: goal,*->S,S found
 # in between
 *,* -> R,S
macro way(move m)
 go: 0,0 -> 1,1 m,m go
     1,1 -> L,L
# end
test "1"    => *,"x"   and halts in 1 steps # t
test "1 0","000" runs forever at least 10 steps and leaves 1 marks
test  accepts
