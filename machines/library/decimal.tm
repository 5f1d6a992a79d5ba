# Decimal arithmetic on one tape: include "@decimal". Digits of columns that are done are circled.

macro add(symbol sign, state next, state outside)
  "Add the number right of the sign to the number left of it, which may grow. The head begins and ends on the sign."
  "Where the number would grow over a wall | the macro is left by `outside`, in the middle of the work."

  last:    sign 0 1 2 3 4 5 6 7 8 9  ->   R
           *                         ->   L take
  take:    0                         -> ⓪ L column(sign, plus-0, outside)
           1                         -> ① L column(sign, plus-1, outside)
           2                         -> ② L column(sign, plus-2, outside)
           3                         -> ③ L column(sign, plus-3, outside)
           4                         -> ④ L column(sign, plus-4, outside)
           5                         -> ⑤ L column(sign, plus-5, outside)
           6                         -> ⑥ L column(sign, plus-6, outside)
           7                         -> ⑦ L column(sign, plus-7, outside)
           8                         -> ⑧ L column(sign, plus-8, outside)
           9                         -> ⑨ L column(sign, plus-9, outside)
           sign                      ->   R right

  # Count the digit up; `over` once it has gone past 9. A sum of two digits is at most 18.
  plus-0:  use circle(R, back)
  plus-1:  use up(plus-0, over-0)
  plus-2:  use up(plus-1, over-1)
  plus-3:  use up(plus-2, over-2)
  plus-4:  use up(plus-3, over-3)
  plus-5:  use up(plus-4, over-4)
  plus-6:  use up(plus-5, over-5)
  plus-7:  use up(plus-6, over-6)
  plus-8:  use up(plus-7, over-7)
  plus-9:  use up(plus-8, over-8)
  over-0:  use circle(L, carry)
  over-1:  use up(over-0, over-0)
  over-2:  use up(over-1, over-1)
  over-3:  use up(over-2, over-2)
  over-4:  use up(over-3, over-3)
  over-5:  use up(over-4, over-4)
  over-6:  use up(over-5, over-5)
  over-7:  use up(over-6, over-6)
  over-8:  use up(over-7, over-7)
  carry:   _     -> 1 R back
           |     ->   S outside
           0     -> 1 R back
           1     -> 2 R back
           2     -> 3 R back
           3     -> 4 R back
           4     -> 5 R back
           5     -> 6 R back
           6     -> 7 R back
           7     -> 8 R back
           8     -> 9 R back
           9     -> 0 L
  back:    sign  ->   S last
           *     ->   R

  # All columns are done: take the circles off.
  right:   use plain(R, return)
  return:  sign  -> L over
           *     -> L
  over:    sign  -> L
           *     -> S left
  left:    use plain(L, home)
  home:    sign  -> S next
           *     -> R

macro column(symbol sign, state plus, state outside)
  "Go left over the sign to the first column that is not done."

  walk:  sign                      ->   L skip
         *                         ->   L
  skip:  sign ⓪ ① ② ③ ④ ⑤ ⑥ ⑦ ⑧ ⑨  ->   L
         _                         -> 0 S plus
         |                         ->   S outside
         *                         ->   S plus

macro up(state next, state over)
  "Count a digit up; 9 becomes 0 and is `over`."

  count:  0  -> 1 S next
          1  -> 2 S next
          2  -> 3 S next
          3  -> 4 S next
          4  -> 5 S next
          5  -> 6 S next
          6  -> 7 S next
          7  -> 8 S next
          8  -> 9 S next
          9  -> 0 S over

macro circle(move way, state next)
  "Put a circle around a digit."

  digit:  0  -> ⓪ way next
          1  -> ① way next
          2  -> ② way next
          3  -> ③ way next
          4  -> ④ way next
          5  -> ⑤ way next
          6  -> ⑥ way next
          7  -> ⑦ way next
          8  -> ⑧ way next
          9  -> ⑨ way next

macro plain(move way, state next)
  "Take circles off as far as there are any."

  digit:  ⓪  -> 0 way
          ①  -> 1 way
          ②  -> 2 way
          ③  -> 3 way
          ④  -> 4 way
          ⑤  -> 5 way
          ⑥  -> 6 way
          ⑦  -> 7 way
          ⑧  -> 8 way
          ⑨  -> 9 way
          *  ->   S next

macro complement(state next)
  "Turn each digit d of the number that ends here into 9 - d."

  digit:  0  -> 9 L
          1  -> 8 L
          2  -> 7 L
          3  -> 6 L
          4  -> 5 L
          5  -> 4 L
          6  -> 3 L
          7  -> 2 L
          8  -> 1 L
          9  -> 0 L
          *  ->   S next

macro tenfold(symbol digit, state next)
  "Move the number that ends here one cell to the left, and put a digit behind it."

  held:  0  -> digit L tenfold(0, next)
         1  -> digit L tenfold(1, next)
         2  -> digit L tenfold(2, next)
         3  -> digit L tenfold(3, next)
         4  -> digit L tenfold(4, next)
         5  -> digit L tenfold(5, next)
         6  -> digit L tenfold(6, next)
         7  -> digit L tenfold(7, next)
         8  -> digit L tenfold(8, next)
         9  -> digit L tenfold(9, next)
         _  -> digit S next
