(* AGREEMENT, by induction on steps: for every tape and every number of steps, the network encodes exactly what the
   machine is.  The data above are one machine and one network's weights, exactly; below nothing depends on them but
   `checked`, which is computed.

   What is idealised: activities are rational numbers of unlimited precision, and sig is any function of rationals that
   is within epsilon of 1 from `margin` nats on and within epsilon of 0 below `- margin`.  The logistic function
   1 / (1 + exp (- d)) has these bounds, as exp (- margin) <= epsilon (not proved here), but it is no instance of sig: at
   a rational d other than 0 it is irrational.  The theorem is about functions that round it to rationals within the
   bounds, not about the logistic function itself.  Rounding of doubles is left to the checker.  *)

Section Agreement.

Variable sig : Q -> Q.
Hypothesis sig_on : forall d, margin <= d -> 1 - epsilon <= sig d /\ sig d <= 1.
Hypothesis sig_off : forall d, d <= - margin -> 0 <= sig d /\ sig d <= epsilon.

(* --- the machine *)

Definition tape_of := Z -> nat.
Definition write (tape : tape_of) (head : Z) (symbol : nat) : tape_of :=
  fun z => if (z =? head)%Z then symbol else tape z.
Definition shift (head move : Z) : Z := if one_way then Z.max (head + move) 0 else (head + move)%Z.

Fixpoint find_rule (s a : nat) (all : list ((nat * nat) * (nat * nat * Z))) :=
  match all with
  | [] => None
  | ((s', a'), r) :: others => if (s =? s')%nat && (a =? a')%nat then Some r else find_rule s a others
  end.
Definition delta (s a : nat) := find_rule s a rules.

Record moment := Moment { state : nat; cells_of : tape_of; position : Z; stopped : bool }.
Definition next (m : moment) : moment :=
  match delta (state m) (cells_of m (position m)) with
  | None => Moment (state m) (cells_of m) (position m) true
  | Some (symbol, goto, move) => Moment goto (write (cells_of m) (position m) symbol) (shift (position m) move) false
  end.
Fixpoint moment_at (t : nat) (tape : tape_of) : moment :=
  match t with O => Moment start tape 0 false | S t' => next (moment_at t' tape) end.

(* --- the network *)

Record network := Network { x : nat -> Q; halt : Q; tape : tape_of; head : Z }.
Definition on (v : Q) : bool := negb (Qle_bool v (1 # 2)).

Definition seen (a b : nat) : Q := nth a (nth b sensory []) 0 + nth b sensory_bias 0.
Definition basis (x y : nat -> Q) (j : nat) : Q :=
  match nth_error cells j with Some (s, a) => x s * y a | None => x (j - length cells)%nat end.
Definition dot (f : nat -> Q) (row : list (nat * Q)) : Q := fold_right (fun p sum => snd p * f (fst p) + sum) 0 row.
Definition bias (u : nat) : Q := fst (nth u units (0, [])).
Definition row (u : nat) : list (nat * Q) := snd (nth u units (0, [])).
Definition activity (x : nat -> Q) (a u : nat) : Q :=
  sig (bias u + dot (basis x (fun b => sig (seen a b))) (row u)).
Definition flipped (v : nat -> Q) (a : nat) : list nat :=
  filter (fun b => xorb (b =? a)%nat (on (v (n + 3 + b)%nat))) (seq 0 k).
Definition movement (v : nat -> Q) : Z :=
  ((if on (v (n + 2)%nat) then 1 else 0) - (if on (v (n + 1)%nat) then 1 else 0))%Z.
Definition step (w : network) : option network :=
  let a := tape w (head w) in
  let v := activity (x w) a in
  match flipped v a with
  | [b] => Some (Network v (v n) (write (tape w) (head w) b) (shift (head w) (movement v)))
  | _ => None
  end.
Fixpoint network_at (t : nat) (tape : tape_of) : option network :=
  match t with
  | O => Some (Network (fun s => if (s =? start)%nat then 1 else 0) 0 tape 0)
  | S t' => match network_at t' tape with Some w => step w | None => None end
  end.
Definition decoded (w : network) : list nat := filter (fun s => on (x w s)) (seq 0 n).

(* --- what is computed: local margins, with activities anywhere within epsilon of one-hot *)

Definition lo (b : bool) : Q := if b then 1 - epsilon else 0.
Definition hi (b : bool) : Q := if b then 1 else epsilon.
Definition within (b : bool) (v : Q) : Prop := lo b <= v /\ v <= hi b.

Definition wanted (s a u : nat) : bool :=
  match delta s a with
  | None => (u =? s)%nat || (u =? n)%nat
  | Some (b, goto, move) =>
      (u =? goto)%nat || ((move =? -1)%Z && (u =? n + 1)%nat) || ((move =? 1)%Z && (u =? n + 2)%nat)
      || (negb (a =? b)%nat && ((u =? n + 3 + a)%nat || (u =? n + 3 + b)%nat))
  end.
Definition least (s a j : nat) : Q :=
  match nth_error cells j with
  | Some (s', a') => lo (s' =? s)%nat * lo (a' =? a)%nat
  | None => lo (j - length cells =? s)%nat
  end.
Definition most (s a j : nat) : Q :=
  match nth_error cells j with
  | Some (s', a') => hi (s' =? s)%nat * hi (a' =? a)%nat
  | None => hi (j - length cells =? s)%nat
  end.
Definition below (s a : nat) (r : list (nat * Q)) : Q :=
  fold_right (fun p sum => Qred (snd p * (if Qle_bool 0 (snd p) then least else most) s a (fst p) + sum)) 0 r.
Definition above (s a : nat) (r : list (nat * Q)) : Q :=
  fold_right (fun p sum => Qred (snd p * (if Qle_bool 0 (snd p) then most else least) s a (fst p) + sum)) 0 r.

Definition unit_ok (s a u : nat) : bool :=
  if wanted s a u then Qle_bool margin (bias u + below s a (row u)) else Qle_bool (bias u + above s a (row u)) (- margin).
Definition seen_ok (a b : nat) : bool :=
  if (b =? a)%nat then Qle_bool margin (seen a b) else Qle_bool (seen a b) (- margin).
Definition rule_ok (r : (nat * nat) * (nat * nat * Z)) : bool :=
  let '((s, a), (b, goto, move)) := r in
  (goto <? n)%nat && (b <? k)%nat && ((move =? -1)%Z || (move =? 0)%Z || (move =? 1)%Z).
Definition row_ok (u : nat) : bool := forallb (fun p => (fst p <? length cells + n)%nat) (row u).
Definition all_ok : bool :=
  forallb (fun s => forallb (fun a => forallb (unit_ok s a) (seq 0 (n + 3 + k))) (seq 0 k)) (seq 0 n)
  && forallb (fun a => forallb (seen_ok a) (seq 0 k)) (seq 0 k)
  && forallb rule_ok rules && forallb row_ok (seq 0 (n + 3 + k))
  && forallb (fun c => (fst c <? n)%nat && (snd c <? k)%nat) cells
  && (start <? n)%nat && Qle_bool 0 epsilon && negb (Qle_bool (1 # 2) epsilon).

Lemma checked : all_ok = true.
Proof. vm_compute. reflexivity. Qed.

Opaque n k start one_way rules cells units sensory sensory_bias epsilon margin.

Lemma every_unit : forall s a u, (s < n)%nat -> (a < k)%nat -> (u < n + 3 + k)%nat -> unit_ok s a u = true.
Proof.
  intros s a u Hs Ha Hu. pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H.
  destruct H as [[[[[[[H _] _] _] _] _] _] _].
  rewrite forallb_forall in H. specialize (H s). rewrite forallb_forall in H.
  assert (Hs' : In s (seq 0 n)) by (apply in_seq; lia). specialize (H Hs' a).
  rewrite forallb_forall in H. apply H; apply in_seq; lia.
Qed.

Lemma every_read : forall a b, (a < k)%nat -> (b < k)%nat -> seen_ok a b = true.
Proof.
  intros a b Ha Hb. pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H.
  destruct H as [[[[[[[_ H] _] _] _] _] _] _].
  rewrite forallb_forall in H. specialize (H a). rewrite forallb_forall in H. apply H; apply in_seq; lia.
Qed.

Lemma every_rule : forall s a b goto move, delta s a = Some (b, goto, move) ->
  (goto < n)%nat /\ (b < k)%nat /\ (move = -1 \/ move = 0 \/ move = 1)%Z.
Proof.
  intros s a b goto move. pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H.
  destruct H as [[[[[[_ H] _] _] _] _] _]. unfold delta. revert H. generalize rules as all. intros all H. induction all as [| [[s' a'] r] others IH]; simpl.
  - discriminate.
  - simpl in H. apply andb_true_iff in H. destruct H as [Hr Hall].
    destruct ((s =? s')%nat && (a =? a')%nat); [| exact (IH Hall)].
    intro E. injection E as E. subst r. unfold rule_ok in Hr.
    rewrite !andb_true_iff, !orb_true_iff, !Z.eqb_eq, !Nat.ltb_lt in Hr. intuition.
Qed.

Lemma every_column : forall u j w, (u < n + 3 + k)%nat -> In (j, w) (row u) -> (j < length cells + n)%nat.
Proof.
  intros u j w Hu Hin. pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H.
  destruct H as [[[[[_ H] _] _] _] _]. rewrite forallb_forall in H. specialize (H u).
  assert (Hu' : In u (seq 0 (n + 3 + k))) by (apply in_seq; lia). specialize (H Hu').
  unfold row_ok in H. rewrite forallb_forall in H. specialize (H _ Hin). apply Nat.ltb_lt in H. exact H.
Qed.

Lemma every_cell : forall j s a, nth_error cells j = Some (s, a) -> (s < n)%nat /\ (a < k)%nat.
Proof.
  intros j s a Hj. pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H.
  destruct H as [[[[_ H] _] _] _]. rewrite forallb_forall in H. specialize (H _ (nth_error_In _ _ Hj)).
  simpl in H. apply andb_true_iff in H. rewrite !Nat.ltb_lt in H. exact H.
Qed.

Lemma start_is_a_state : (start < n)%nat.
Proof.
  pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H.
  destruct H as [[[_ H] _] _]. apply Nat.ltb_lt in H. exact H.
Qed.

Lemma small : 0 <= epsilon /\ epsilon < 1 # 2.
Proof.
  pose proof checked as H. unfold all_ok in H. rewrite !andb_true_iff in H. destruct H as [[_ H] G].
  apply Qle_bool_iff in H. apply negb_true_iff in G. split; [exact H |].
  apply Qnot_le_lt. intro F. apply Qle_bool_iff in F. congruence.
Qed.

(* --- the step *)

Lemma on_within : forall b v, within b v -> on v = b.
Proof.
  intros b v [Hl Hh]. destruct small as [H0 H1]. unfold on, lo, hi in *. destruct b.
  - apply negb_true_iff. destruct (Qle_bool v (1 # 2)) eqn:E; [| reflexivity]. apply Qle_bool_iff in E. lra.
  - apply negb_false_iff. apply Qle_bool_iff. lra.
Qed.

Lemma bounds_of_zero_and_one : forall b, 0 <= lo b /\ lo b <= hi b.
Proof. intro b. destruct small. unfold lo, hi. destruct b; lra. Qed.

Lemma product_within : forall b c v w, within b v -> within c w -> lo b * lo c <= v * w /\ v * w <= hi b * hi c.
Proof.
  intros b c v w [Hv Gv] [Hw Gw]. destruct (bounds_of_zero_and_one b), (bounds_of_zero_and_one c).
  split.
  - apply Qle_trans with (lo b * w).
    + rewrite !(Qmult_comm (lo b)). apply Qmult_le_compat_r; assumption.
    + apply Qmult_le_compat_r; lra.
  - apply Qle_trans with (hi b * w).
    + apply Qmult_le_compat_r; lra.
    + rewrite !(Qmult_comm (hi b)). apply Qmult_le_compat_r; lra.
Qed.

Lemma sums_within : forall s a f r,
  (forall j w, In (j, w) r -> least s a j <= f j /\ f j <= most s a j) -> below s a r <= dot f r /\ dot f r <= above s a r.
Proof.
  intros s a f r. unfold below, above, dot. induction r as [| [j w] others IH]; intro H; cbn [fold_right fst snd].
  - lra.
  - specialize (IH (fun i v Hin => H i v (or_intror Hin))). destruct (H j w (or_introl eq_refl)) as [Hl Hm].
    rewrite !Qred_correct.
    destruct (Qle_bool 0 w) eqn:E.
    + apply Qle_bool_iff in E.
      assert (w * least s a j <= w * f j) by (rewrite !(Qmult_comm w); apply Qmult_le_compat_r; assumption).
      assert (w * f j <= w * most s a j) by (rewrite !(Qmult_comm w); apply Qmult_le_compat_r; assumption).
      lra.
    + assert (Hw : w <= 0).
      { apply Qlt_le_weak. apply Qnot_le_lt. intro F. apply Qle_bool_iff in F. congruence. }
      assert ((- w) * least s a j <= (- w) * f j)
        by (rewrite !(Qmult_comm (- w)); apply Qmult_le_compat_r; [assumption | lra]).
      assert ((- w) * f j <= (- w) * most s a j)
        by (rewrite !(Qmult_comm (- w)); apply Qmult_le_compat_r; [assumption | lra]).
      lra.
Qed.

Lemma read_within : forall a b, (a < k)%nat -> (b < k)%nat -> within (b =? a)%nat (sig (seen a b)).
Proof.
  intros a b Ha Hb. pose proof (every_read a b Ha Hb) as H. unfold seen_ok in H. unfold within, lo, hi.
  destruct (b =? a)%nat; apply Qle_bool_iff in H; [apply sig_on | apply sig_off]; exact H.
Qed.

Lemma units_within : forall v s a, (s < n)%nat -> (a < k)%nat ->
  (forall i, (i < n)%nat -> within (i =? s)%nat (v i)) ->
  forall u, (u < n + 3 + k)%nat -> within (wanted s a u) (activity v a u).
Proof.
  intros v s a Hs Ha Hv u Hu.
  assert (Hb : forall j w, In (j, w) (row u) ->
    least s a j <= basis v (fun b => sig (seen a b)) j /\ basis v (fun b => sig (seen a b)) j <= most s a j).
  { intros j w Hin. pose proof (every_column u j w Hu Hin) as Hj. unfold least, most, basis.
    destruct (nth_error cells j) as [[s' a'] |] eqn:E.
    - destruct (every_cell j s' a' E). apply product_within; [apply Hv | apply read_within]; assumption.
    - apply Hv. apply nth_error_None in E. lia. }
  apply sums_within in Hb. destruct Hb as [Hl Hh]. pose proof (every_unit s a u Hs Ha Hu) as H.
  unfold unit_ok in H. unfold within, lo, hi, activity.
  destruct (wanted s a u); apply Qle_bool_iff in H; [apply sig_on | apply sig_off]; lra.
Qed.

Lemma filter_one : forall f m b, (b < m)%nat -> (forall i, (i < m)%nat -> f i = (i =? b)%nat) -> filter f (seq 0 m) = [b].
Proof.
  intros f m b Hb Hf.
  assert (H : forall l first, (forall i, (first <= i < first + l)%nat -> f i = (i =? b)%nat) ->
    filter f (seq first l) = if ((first <=? b) && (b <? first + l))%nat then [b] else []).
  { induction l as [| l IH]; intros first H; simpl.
    - destruct (first <=? b)%nat eqn:E, (b <? first + 0)%nat eqn:F; simpl; try reflexivity.
      apply Nat.leb_le in E. apply Nat.ltb_lt in F. lia.
    - rewrite IH by (intros; apply H; lia). rewrite H by lia. destruct (first =? b)%nat eqn:E.
      + apply Nat.eqb_eq in E. subst b. replace (S first <=? first)%nat with false by (symmetry; apply Nat.leb_gt; lia).
        rewrite Nat.leb_refl. replace (first <? first + S l)%nat with true by (symmetry; apply Nat.ltb_lt; lia). reflexivity.
      + apply Nat.eqb_neq in E. replace (S first + l)%nat with (first + S l)%nat by lia.
        destruct (first <=? b)%nat eqn:F.
        * apply Nat.leb_le in F. replace (S first <=? b)%nat with true by (symmetry; apply Nat.leb_le; lia). reflexivity.
        * apply Nat.leb_gt in F. replace (S first <=? b)%nat with false by (symmetry; apply Nat.leb_gt; lia). reflexivity. }
  rewrite H by (intros; apply Hf; lia).
  replace (b <? 0 + m)%nat with true by (symmetry; apply Nat.ltb_lt; lia). reflexivity.
Qed.

Ltac decide_units :=
  repeat match goal with
  | |- context [(?i =? ?j)%nat] =>
      first [ replace (i =? j)%nat with true by (symmetry; apply Nat.eqb_eq; lia)
            | replace (i =? j)%nat with false by (symmetry; apply Nat.eqb_neq; lia) ]
  end.

(* The invariant: x is within epsilon of the machine's state; tape and head are the machine's. *)
Definition encodes (w : network) (m : moment) : Prop :=
  (state m < n)%nat /\ (forall z, cells_of m z < k)%nat
  /\ (forall i, (i < n)%nat -> within (i =? state m)%nat (x w i))
  /\ head w = position m /\ (one_way = true -> (0 <= position m)%Z)
  /\ (forall z, tape w z = cells_of m z) /\ on (halt w) = stopped m.

Lemma step_encodes : forall w m, encodes w m -> exists w', step w = Some w' /\ encodes w' (next m).
Proof.
  intros w m (Hs & Hk & Hx & Hh & Hp & Ht & _).
  set (s := state m) in *. set (a := cells_of m (position m)).
  assert (Ha : (a < k)%nat) by apply Hk.
  assert (Hread : tape w (head w) = a) by (rewrite Hh; apply Ht).
  pose proof (units_within (x w) s a Hs Ha Hx) as Hu.
  assert (Hon : forall u, (u < n + 3 + k)%nat -> on (activity (x w) a u) = wanted s a u)
    by (intros; apply on_within; apply Hu; assumption).
  unfold step. rewrite Hread. unfold next. fold s. fold a.
  destruct (delta s a) as [[[b goto] move] |] eqn:D.
  - destruct (every_rule s a b goto move D) as (Hg & Hb & Hmove).
    assert (F : flipped (activity (x w) a) a = [b]).
    { apply filter_one; [exact Hb |]. intros i Hi. rewrite Hon by lia. unfold wanted. rewrite D.
      destruct (Nat.eq_dec i a), (Nat.eq_dec i b), (Nat.eq_dec a b); subst; try congruence; decide_units;
        rewrite ?andb_false_r, ?orb_false_r, ?orb_true_r; reflexivity. }
    rewrite F. eexists. split; [reflexivity |].
    assert (Hm : movement (activity (x w) a) = move).
    { unfold movement. rewrite !Hon by lia. unfold wanted. rewrite D. decide_units.
      rewrite ?andb_false_r, ?orb_false_r, ?andb_true_r. destruct Hmove as [E | [E | E]]; subst move; reflexivity. }
    repeat split; simpl; try assumption.
    + intro z. unfold write. destruct (z =? position m)%Z; [exact Hb | apply Hk].
    + pose proof (Hu i ltac:(lia)) as G. unfold wanted in G. rewrite D in G. revert G. decide_units.
      rewrite ?andb_false_r, ?orb_false_r. intro G. apply G.
    + pose proof (Hu i ltac:(lia)) as G. unfold wanted in G. rewrite D in G. revert G. decide_units.
      rewrite ?andb_false_r, ?orb_false_r. intro G. apply G.
    + rewrite Hh, Hm. reflexivity.
    + unfold shift. intro W. rewrite W. lia.
    + intro z. unfold write. rewrite Hh. destruct (z =? position m)%Z; [reflexivity | apply Ht].
    + rewrite Hon by lia. unfold wanted. rewrite D. decide_units. rewrite ?andb_false_r. reflexivity.
  - assert (F : flipped (activity (x w) a) a = [a]).
    { apply filter_one; [exact Ha |]. intros i Hi. rewrite Hon by lia. unfold wanted. rewrite D.
      replace (n + 3 + i =? s)%nat with false by (symmetry; apply Nat.eqb_neq; lia).
      replace (n + 3 + i =? n)%nat with false by (symmetry; apply Nat.eqb_neq; lia).
      destruct (i =? a)%nat; reflexivity. }
    rewrite F. eexists. split; [reflexivity |].
    assert (Hm : movement (activity (x w) a) = 0%Z)
      by (unfold movement; rewrite !Hon by lia; unfold wanted; rewrite D; decide_units; reflexivity).
    repeat split; simpl; try assumption.
    + pose proof (Hu i ltac:(lia)) as G. unfold wanted in G. rewrite D in G.
      replace (i =? n)%nat with false in G by (symmetry; apply Nat.eqb_neq; lia). rewrite orb_false_r in G. apply G.
    + pose proof (Hu i ltac:(lia)) as G. unfold wanted in G. rewrite D in G.
      replace (i =? n)%nat with false in G by (symmetry; apply Nat.eqb_neq; lia). rewrite orb_false_r in G. apply G.
    + rewrite Hh, Hm. unfold shift. destruct one_way eqn:W; [specialize (Hp eq_refl) |]; lia.
    + intro z. unfold write. rewrite Hh. destruct (z =? position m)%Z eqn:E; [| apply Ht].
      apply Z.eqb_eq in E. subst z. reflexivity.
    + rewrite Hon by lia. unfold wanted. rewrite D. rewrite Nat.eqb_refl. apply orb_true_r.
Qed.

Theorem agreement : forall (input : tape_of), (forall z, (input z < k)%nat) -> forall t, exists w,
  let m := moment_at t input in
  network_at t input = Some w
  /\ decoded w = [state m] /\ head w = position m /\ (forall z, tape w z = cells_of m z) /\ on (halt w) = stopped m.
Proof.
  intros input Hk t.
  assert (H : exists w, network_at t input = Some w /\ encodes w (moment_at t input)).
  { induction t as [| t [w [Hw He]]]; simpl.
    - eexists. split; [reflexivity |]. pose proof start_is_a_state. destruct small.
      repeat split; simpl; auto; try lia;
        try (unfold within, lo, hi; destruct (i =? start)%nat; lra).
    - rewrite Hw. exact (step_encodes w _ He). }
  destruct H as [w [Hw (Hs & _ & Hx & Hh & _ & Ht & Hstop)]]. exists w.
  repeat split; try assumption.
  apply filter_one; [exact Hs |]. intros i Hi. apply on_within. apply Hx. exact Hi.
Qed.

End Agreement.

Print Assumptions agreement.
