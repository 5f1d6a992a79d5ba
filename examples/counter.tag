# For U(9,3) and U(15,2), which simulate bi-tag systems.
bitag counter
  "Each a1 that e1 meets becomes a2; when e1 meets an a2, it halts."
  e1 a1 -> a2 e1
  e1 a2 -> a2 e2
  halt e2
  word e1 a1 a1 a1
