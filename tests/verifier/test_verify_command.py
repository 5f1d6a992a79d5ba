"""`triquetra verify` and `triquetra check`: exit statuses, what is printed, and that refutations replay as printed."""

import hashlib
import json
import re
import shlex

import pytest
import typer
from safetensors.numpy import load_file, save_file
from typer.testing import CliRunner

from triquetra.cli.agree import agree
from triquetra.cli.check import check
from triquetra.cli.verify import verify
from triquetra.compiler import compile_machine, to_pomdp
from triquetra.forms import save
from triquetra.machines import from_busy_beaver
from triquetra.verifier import perturb, quantise

BEAVER = "1RB1LB_1LA1RZ"
app = typer.Typer()
for command in (verify, check, agree):
    app.command()(command)


def call(*arguments):
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output


def saved(folder, network):
    save(network, folder)
    save(to_pomdp(network), folder)
    return folder


def resave(folder):
    """The same tensors in a file with other bytes, as another program might write it."""
    path = folder / "network.safetensors"
    save_file(load_file(path), path, metadata={"made by": "hand"})
    header = json.loads((folder / "network.json").read_text())
    header["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "network.json").write_text(json.dumps(header))


def test_what_is_proved_is_said_and_the_certificate_is_accepted(tmp_path):
    certificate = tmp_path / "beaver.json"
    status, text = call("verify", BEAVER, "--cells", 50, "--details", "--out", certificate)
    assert status == 0
    for part in ("network and POMDP", "external tape", "at most 50 cells", "█", "place", "still proved", "𝒜 = F"):
        assert part in text
    assert text.endswith(f"certificate: {certificate}; `triquetra check` checks it\n")
    status, text = call("check", certificate, BEAVER)
    assert status == 0
    assert text.startswith("accepted")
    status, text = call("check", certificate, "1RB1LB_1LA0RZ")
    assert (status, text) == (1, "refused: the certificate is for another machine\n")


def test_the_summary_claims_no_more_than_the_details():
    """A line for each form and tape; its numbers are rounded down, so that they hold."""
    _, text = call("verify", BEAVER)
    assert len(text.splitlines()) <= 13 and "█" not in text
    (verdict,) = json.loads(call("verify", BEAVER, "--tape", "external", "--json")[1])["verdicts"]
    for line, form in zip([line for line in text.splitlines() if "all margins" in line], ("network", "pomdp")):
        margin, off, noise = (float(number) for number in re.findall(r"\d+\.\d+", line))
        figures = verdict["forms"][form]
        for said, exact in (
            (margin, min(figures["margin"].values())),
            (off, figures["radius"]),
            (noise, figures["noise"]),
        ):
            assert 0.98 * exact < said <= exact


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-i", "1"], "--input is for --halts"),
        (["--halts", "--tape", "synaptic"], "--halts needs"),
        (["--tape", "external", "--cells", "5"], "--cells is for"),
        (["--json", "--details"], "--details is for the text"),
    ],
)
def test_an_option_without_effect_is_refused(arguments, said):
    status, text = call("verify", BEAVER, *arguments)
    assert (status, said in text) == (2, True)


def test_json_is_one_object_with_every_figure():
    status, text = call("verify", BEAVER, "--tape", "external", "--json")
    assert status == 0
    (verdict,) = json.loads(text)["verdicts"]
    assert verdict["verdict"] == "proved"
    assert verdict["forms"].keys() == {"network", "pomdp"}
    assert verdict["forms"]["network"]["radius"] > 1
    assert 0 < verdict["forms"]["pomdp"]["noise"] < 0.5
    assert verdict["scale"] < 0.5


def test_a_refutation_replays_with_the_command_that_is_printed():
    status, text = call("verify", BEAVER, "--gain", 1.5, "--tape", "external")
    assert status == 1
    assert text.startswith("refuted")
    replay = shlex.split(text.partition("replay: triquetra ")[2])
    status, _ = call(*replay)
    assert status == 1
    assert call(*replay[:-1], 0)[0] == 3  # agreed as far as it was asked


def test_saved_weights_are_verified_and_checked(tmp_path):
    compiled = compile_machine(from_busy_beaver(BEAVER))
    folder = saved(tmp_path / "quantised", quantise(perturb(compiled.network, 3.0), "float16"))
    certificate = tmp_path / "certificate.json"
    options = ["--artifact", folder]
    status, _ = call("verify", BEAVER, *options, "--no-robustness", "--out", certificate)
    assert status == 0
    assert call("check", certificate, BEAVER, *options)[0] == 0
    status, text = call("check", certificate, BEAVER)
    assert status == 2
    assert "--artifact" in text
    resave(folder)
    assert call("verify", BEAVER, *options, "--no-robustness", "--out", certificate, "--force")[0] == 0
    assert call("check", certificate, BEAVER, *options)[0] == 0
    (folder / "pomdp.json").unlink()
    assert call("check", certificate, BEAVER, *options)[0] == 0
    saved(folder, perturb(compiled.network, 3.0, seed=1))
    status, text = call("check", certificate, BEAVER, *options)
    assert status == 1
    assert "another network" in text


def test_what_is_unknown_is_said_with_what_a_gain_would_do(tmp_path):
    certificate = tmp_path / "none.json"
    status, text = call("verify", BEAVER, "--gain", 4, "--cells", 6, "--tape", "synaptic", "--out", certificate)
    assert status == 3
    assert text.startswith("unknown")
    assert "times as strong" in text
    assert not certificate.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", BEAVER, "--tape", "paper"], "--tape paper"),
        (["verify", "@nonsense"], "nonsense"),
        (["verify", BEAVER, "--artifact", "nowhere"], "nowhere"),
        (["check", "nowhere.json", BEAVER], "nowhere.json"),
    ],
)
def test_bad_input(arguments, said):
    status, text = call(*arguments)
    assert status == 2
    assert said in text
    assert "Traceback" not in text


def test_noise_is_no_certificate(tmp_path):
    path = tmp_path / "noise.json"
    path.write_bytes(b"\xff\x00")
    status, text = call("check", path, BEAVER, "--json")
    assert status == 1
    assert json.loads(text)["accepted"] is False
