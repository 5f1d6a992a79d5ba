"""Emit a C simulator specialised to one machine: one label per state, branch on the symbol.
python gen_switch.py MACHINE [branch|tree] > m.c && gcc -O3 -march=native m.c -o m && ./m 9
"""

import sys

m = sys.argv[1]
rows = [[r[i : i + 3] for i in range(0, len(r), 3)] for r in m.split("_")]
live = {chr(65 + i) for i in range(len(rows))}
print('#include "tm.h"\n#define TAPE (1<<18)\nstatic uint8_t tape[TAPE];')
print(
    "__attribute__((noinline)) static uint64_t run(uint64_t max){memset(tape,0,TAPE);uint8_t*p=tape+TAPE/2;uint64_t n=0;(void)max;"
)
for i, r in enumerate(rows):
    print(f"{chr(65 + i)}: ")
    for k, e in enumerate(r):
        cond = f"if(*p=={k})" if k < len(r) - 1 else ""
        wr = "" if e[0] == str(k) else f"*p={e[0]};"
        mv = "p++;" if e[1] == "R" else "p--;"
        go = f"goto {e[2]};" if e[2] in live else "goto HALT;"
        print(f"  {cond}{{n++;{wr}{mv}{go}}}")
print("HALT: return n;}")
print("""int main(int c,char**v){int reps=c>1?atoi(v[1]):7;double a[64];uint64_t n=0;
for(int i=0;i<reps;i++){double x=now();n=run(0);a[i]=now()-x;}
long ones=0;for(long i=0;i<TAPE;i++)ones+=tape[i]!=0;double m=med(a,reps);
printf("steps %lu nonzero %ld\\nswitch median %.4f s min %.4f max %.4f  %.1f Msteps/s\\n",n,ones,m,a[0],a[reps-1],n/m/1e6);}""")
