"""A machine executed by pymdp's inference on the exported model: the outside agent of tests and benchmarks."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from pymdp.control import compute_expected_state
from pymdp.inference import update_posterior_states

from triquetra.compiler.export import Categorical


def make_run(model: Categorical, steps: int):
    """A jitted function () → (states, places, posteriors of state) of `steps` steps of perception and action."""
    step, start = make_step(model)

    @jax.jit
    def run():
        return jax.lax.scan(step, start, None, length=steps)[1]

    return run


def make_step(model: Categorical):
    """One step of perception and action, (carry, None) → (carry, (state, place, posterior)), and the first carry.

    One iteration of pymdp's fixed point is enough, as only the place is observed.
    """
    memory, policy, write = (jnp.asarray(each) for each in (model.A, model.policy, model.write))
    transitions = [jnp.asarray(each) for each in model.B]
    start = [jnp.asarray(each) for each in model.D]

    def step(carry, _):
        memory, beliefs = carry
        state, place = beliefs
        read = (memory @ place).argmax()
        move = (policy[:, :, read] @ state).argmax()
        left = write[:, :, read] @ state
        at = place.argmax()
        written = memory.at[:, at].set(left)
        expected = compute_expected_state(beliefs, transitions, jnp.stack([read, move]))
        seen = (written @ expected[1])[None]
        posterior = update_posterior_states(
            [written], None, [seen], None, prior=expected, A_dependencies=[[1]], num_iter=1, method="fpi"
        )
        beliefs = [belief.reshape(-1)[-prior.shape[0] :] for belief, prior in zip(posterior, expected)]
        return (written, beliefs), (beliefs[0].argmax(), beliefs[1].argmax(), beliefs[0])

    return step, (memory, start)
