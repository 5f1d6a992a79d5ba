machine p-double-prime
  "Run a program in the language P'' on tape 1; its data are on tape 2."
  "Corrado Böhm's P'' (1964) is the first language without jumps that was proved able to compute everything;"
  "Brainfuck (1993) is its best known descendant, whose signs are used here. `+` and `-` count the cell of tape 2 up"
  "and down (a blank is 0, and 9 is followed by 0), `>` and `<` move to the next cell and back, and `[...]` repeats"
  "while the cell is not 0. To find the partner of a bracket, tape 3 has a mark for each bracket in between that is"
  "open."
  blank  _
  input  + - < > [ ] 1 2 3 4 5 6 7 8 9
  tapes  3
  start  run

  run:          +,_,_  -> *,1,* R,S,S
                +,1,_  -> *,2,* R,S,S
                +,2,_  -> *,3,* R,S,S
                +,3,_  -> *,4,* R,S,S
                +,4,_  -> *,5,* R,S,S
                +,5,_  -> *,6,* R,S,S
                +,6,_  -> *,7,* R,S,S
                +,7,_  -> *,8,* R,S,S
                +,8,_  -> *,9,* R,S,S
                +,9,_  -> *,_,* R,S,S
                -,_,_  -> *,9,* R,S,S
                -,1,_  -> *,_,* R,S,S
                -,2,_  -> *,1,* R,S,S
                -,3,_  -> *,2,* R,S,S
                -,4,_  -> *,3,* R,S,S
                -,5,_  -> *,4,* R,S,S
                -,6,_  -> *,5,* R,S,S
                -,7,_  -> *,6,* R,S,S
                -,8,_  -> *,7,* R,S,S
                -,9,_  -> *,8,* R,S,S
                <,*,_  ->       R,L,S
                >,*,_  ->       R,R,S
                [,_,_  ->       R,S,S skip
                [,*,_  ->       R,S,S
                ],_,_  ->       R,S,S
                ],*,_  ->       L,S,S repeat
                _,*,_  ->       S,S,S halt

  # Go right, past the partner of [.
  skip:         (+ - < >),*,_  ->       R,S,S
                [,*,_          -> *,*,[ R,S,R
                ],*,_          ->       S,S,L skip-close
                _,*,_          ->       S,S,S unmatched
  skip-close:   ],*,[          -> *,*,_ R,S,S skip
                ],*,_          ->       R,S,R run

  # Go left, to the partner of ], and behind it.
  repeat:       (+ - < >),*,_  ->       L,S,S
                ],*,_          -> *,*,[ L,S,R
                [,*,_          ->       S,S,L repeat-open
                _,*,_          ->       S,S,S unmatched
  repeat-open:  [,*,[          -> *,*,_ L,S,S repeat
                [,*,_          ->       R,S,R run
  unmatched:    reject

test "+++[->++<]"    => *, "6"
test "++>+++"        => *, "23"
test "-"             => *, "9"
test "[+[+]+]+"      => *, "1"
test ""              => "", "" and halts in 1 step
test "[->+<]", "45"  => *, "9"
test "+]"            rejects
test "["             rejects
