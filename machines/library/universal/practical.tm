# A universal machine made to be used: it simulates any one-tape machine, given as text, with polynomial overhead.
#
# Its tape holds the table of the simulated machine, then the simulated tape:
#
#     ; rule rule ... ; rule ... ; rule ... | .00.01^10.00
#
# `;` begins the rules of a state, `@` those of the present state. A halting state has no rules.
# A rule is `/`, the code of the symbol read, the code of the symbol written, a move `<`, `=` or `>`, and the way to the
# rules of the next state: as many `1` as states to go forward; or `0` for the same state, `00` for the one before, ...
# `|` begins a two-way tape, `[` a one-way one. `.` begins a cell, `^` the cell under the head; all codes have as many
# bits as the cell; the blank has only zeros.
# `!` marks rules that may apply; `o` and `i` are bits 0 and 1 that have been dealt with.
#
# One step of the simulated machine begins with `consider` on `@`, which happens nowhere else. Then the bits under the
# head are carried to the rules one by one, and rules that read another bit drop out. The rule that is left has its
# written bits carried to the cell, then the head moves, then the mark `@` moves, state by state. With no rule left,
# it halts; all marks but `@` and `^` are wiped away.

machine practical
  "Simulate the one-tape machine whose table stands on the tape, on the tape that stands right of it."
  "`triquetra universal FILE --input W` writes table and input on the tape, runs this machine and reads the tape back."
  blank    _
  start    consider
  symbols  0 1 o i ; @ / ! < = > | [ . ^

  # match
  consider:     @          ->   R
                /          -> ! R
                0 1 < = >  ->   R
                ; | [      ->   R to-cell
  to-cell:      ^          ->   R bit
                *          ->   R
  bit:          o i        ->   R
                0          -> o L match(0, 1, o, to-cell)
                1          -> i L match(1, 0, i, to-cell)
                . _        ->   L matched

  # choose
  matched:      @            -> ; R choose
                *            ->   L
  choose:       !            ->   R copy
                0 1 / < = >  ->   R
                ; | [        ->   L halting

  # write
  copy:         o i  ->   R
                0    -> o R carry(0, written)
                1    -> i R carry(1, written)
                >    ->   R right
                <    ->   R left
                =    ->   R way
  written:      !    ->   R copy
                *    ->   L

  # move
  right:        ^    -> . R enter-right
                *    ->   R
  enter-right:  0 1  ->   R
                .    -> ^ L to-rule
                _    -> ^ L append
  left:         ^    -> . L enter-left
                *    ->   R
  enter-left:   0 1  ->   L
                .    -> ^ L to-rule
                |    ->   R insert
                [    ->   R enter-right
  to-rule:      !    ->   R way
                *    ->   L

  # a new cell on the right has as many zeros as the cell before has bits
  append:       0 1 o i  ->   L
                .        ->   R pattern
  pattern:      o i      ->   R
                0        -> o R zero
                1        -> i R zero
                ^        ->   L tidy
  zero:         0 1 ^    ->   R
                _        -> 0 L next-zero
  next-zero:    0        ->   L
                ^        ->   L append
  tidy:         o        -> 0 L
                i        -> 1 L
                .        ->   L to-rule

  # a new cell on the left, for which the whole tape is shifted, once for its mark and once for each zero
  insert:       .          -> ^ R shift(., shifted)
  shifted:      0 1 o i .  ->   L
                ^          ->   R skip
  skip:         0          ->   R
                .          ->   R model
  model:        o i        ->   R
                0          -> o L slot
                1          -> i L slot
                . _        ->   L tidy
  slot:         o i        ->   L
                .          -> 0 R shift(., shifted)

  # go to the next state
  way:          o i < = >  ->   R
                0          -> o L backward
                1          -> i L forward
                / ; @ | [  ->   L wipe
  backward:     o          ->   L leave-back
                < = >      ->   L mark-back
  leave-back:   @          -> ; L mark-back
                *          ->   L
  mark-back:    ;          -> @ R from-left
                *          ->   L
  from-left:    !          ->   R way
                *          ->   R
  forward:      i          ->   R leave-on
                < = >      ->   R mark-on
  leave-on:     @          -> ; R mark-on
                *          ->   R
  mark-on:      ;          -> @ L to-rule
                *          ->   R
  wipe:         o          -> 0 L clean(L, consider)
                i          -> 1 L clean(R, consider)

  # no rule applies
  halting:      ;    -> @ R to-last
                *    ->   L
  to-last:      ^    ->   R wipe-cell
                *    ->   R
  wipe-cell:    o    -> 0 R
                i    -> 1 R
                . _  ->   S done
  done:         halt

macro match(symbol bit, symbol other, symbol used, state matched)
  "Carry a bit to the rules of the present state; those that read another drop out."

  to-rules:  @      ->      R each
             *      ->      L
  each:      !      ->      R compare
             ; | [  ->      R matched
             *      ->      R
  compare:   o i    ->      R
             bit    -> used R each
             other  ->      L drop
  drop:      o      -> 0    L
             i      -> 1    L
             !      -> /    R each

macro carry(symbol bit, state written)
  "Write a bit over the first bit in the cell that has been dealt with."

  seek:   ^    ->     R write
          *    ->     R
  write:  0 1  ->     R
          o i  -> bit L written

macro shift(symbol held, state shifted)
  "Put a symbol here and move all that stands from here on by one cell to the right."

  here:  0  -> held R shift(0, shifted)
         1  -> held R shift(1, shifted)
         o  -> held R shift(o, shifted)
         i  -> held R shift(i, shifted)
         .  -> held R shift(., shifted)
         _  -> held L shifted

macro clean(move way, state next)
  "Wipe the rule's marks, then find the present state."

  bits:  o      -> 0 L
         i      -> 1 L
         < = >  ->   L
         !      -> / way find
  find:  @      ->   S   next
         *      ->   way

# increment on 1, whose tape grows to the left
test "@/0000<1/0101>0/1010>0;/0010=1/0110=1/1001<0;|^10"  => ";/0000<1/0101>0/1010>0;/0010=1/0110=1/1001<0@|^10.01.00"
# one state that writes 1 and goes right for ever on 0, and stops on 1: the tape grows to the right
test "@/01>0|^0.0.1"  => "@/01>0|.1.1^1"
test "@/01>0|^0"      runs at least 2_000 steps
# a left move on the first cell of a one-way tape keeps the head there
test "@/01<1;[^0"     => ";/01<1@[^1"
# a table without a rule for what is read
test "@;|^0"          => "@;|^0" and halts as halt
