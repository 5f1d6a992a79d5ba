/* The "packed" kernel of sim_table.c from a given tape, for at most so many steps.
   gcc -O3 -march=native sim_tape.c -o sim_tape && ./sim_tape MACHINE TAPE HEAD MAX 9
   TAPE: digits, one a cell; HEAD: which of them is under the head. */
#include "tm.h"
#define TAPE (1 << 22)
static uint8_t tape[TAPE];
typedef struct { int32_t mv; uint16_t row; uint8_t wr; uint8_t halt; } E;
__attribute__((noinline)) static uint64_t run_packed(const TM *t, uint8_t *p, uint64_t max) {
  static E tab[32 * 8];
  int nk = t->nk <= 2 ? 2 : t->nk <= 4 ? 4 : 8;
  for (int i = 0; i < t->ns; i++) for (int j = 0; j < t->nk; j++)
    tab[i * nk + j] = (E){t->mv[i][j], (uint16_t)((t->nx[i][j] < 0 ? t->ns : t->nx[i][j]) * nk), (uint8_t)t->wr[i][j], 0};
  unsigned row = 0, hrow = t->ns * nk; uint64_t n = 0;
  while (row != hrow && n < max) {
    long room = p - tape < tape + TAPE - p ? p - tape : tape + TAPE - p;
    if (room < 16) return 0;
    uint64_t lim = n + room - 8; if (lim > max) lim = max;
    for (; n < lim; n++) {
      E e = tab[row + *p]; *p = e.wr; p += e.mv; row = e.row;
      if (__builtin_expect(row == hrow, 0)) { n++; break; }
    }
  }
  return n;
}
int main(int c, char **v) {
  TM t; tm_parse(&t, v[1]); uint64_t max = strtoull(v[4], 0, 10), n = 0;
  int reps = c > 5 ? atoi(v[5]) : 7; double a[64];
  for (int i = 0; i < reps; i++) {
    memset(tape, 0, TAPE);
    for (long j = 0; v[2][j]; j++) tape[TAPE / 2 + j] = v[2][j] - '0';
    double x = now(); n = run_packed(&t, tape + TAPE / 2 + atoi(v[3]), max); a[i] = now() - x;
  }
  double m = med(a, reps);
  printf("packed median %.4f s  min %.4f max %.4f  %.1f Msteps/s steps %lu\n", m, a[0], a[reps - 1], n / m / 1e6, n);
}
