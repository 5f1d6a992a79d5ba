machine vending-machine
  "Pay 20 cents with nickels (5), dimes (10) and quarters (25). The verdict is exact, change or more."
  "A finite automaton whose symbols are words; the state is what is still to be paid."
  blank  .
  input  nickel dime quarter
  start  owe-20

  owe-20:     nickel        -> R owe-15
              dime          -> R owe-10
              quarter       -> R over
              .             -> S short
  owe-15:     nickel        -> R owe-10
              dime          -> R owe-5
              quarter       -> R over
              .             -> S short
  owe-10:     nickel        -> R owe-5
              dime          -> R owe-0
              quarter       -> R over
              .             -> S short
  owe-5:      nickel        -> R owe-0
              dime quarter  -> R over
              .             -> S short
  owe-0:      .             -> S paid
              *             -> R over
  over:       .             -> S paid-over
              *             -> R
  paid:       halt exact
  paid-over:  halt change
  short:      halt more

test "dime nickel nickel"  halts as exact in 4 steps
test "quarter"             halts as change
test "dime nickel"         halts as more
test ""                    halts as more in 1 step
test "dime dime dime"      halts as change
