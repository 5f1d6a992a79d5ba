machine m
  blank _
  a: _ -> R done
  done:
