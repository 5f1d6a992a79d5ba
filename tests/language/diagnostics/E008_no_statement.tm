machine prose
  blnk _
  The machine goes right until it sees a blank
  a: 0 R
     _ -> S halt
