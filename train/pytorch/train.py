#!/usr/bin/env python3
"""The trainer's second back end: the same rows and the same model with PyTorch on a GPU.

It begins from a checkpoint that the C# trainer wrote and leaves one that it reads, so head start, examination and export are the C# trainer's:

    trainer rows   --vocabulary V --count 2000000 --out rows.bin
    trainer train  --vocabulary V --run big --tokens 0 --hidden 512 --layers 8     # a checkpoint with a head start, nothing trained
    python3 train.py --from big/checkpoint --rows rows.bin --out big/checkpoint.gpu --steps 20000
    trainer export --vocabulary V --from big/checkpoint.gpu --out piolet.gguf

It knows no transcripts and no tokenizer. It has been run for ten steps, with `--device cpu` and Debian's PyTorch 1.13: never on a GPU, and never for long.
"""
import argparse
import json
import struct

import numpy as np
import torch
import torch.nn.functional as F

# The sizes that do not stand in the checkpoint's header: train/Baltoro.Trainer/Piolet.cs.
HEADS, QUERY_RANK, LATENT, PLAIN, ROTARY, VALUE, EXPERTS, CHOSEN, CONTEXT, BASE, EPSILON = 4, 128, 128, 32, 32, 64, 8, 2, 1024, 1000.0, 1e-6


def plan(vocabulary, hidden, layers):
    """Names and sizes in the order in which they stand in a checkpoint (Parameters.cs)."""
    width, dense = hidden // 2, 2 * hidden
    yield "embedding", (vocabulary, hidden)
    for i in range(layers):
        yield f"{i}.attention norm", (hidden,)
        yield f"{i}.feed norm", (hidden,)
        yield f"{i}.query norm", (QUERY_RANK,)
        yield f"{i}.latent norm", (LATENT,)
        yield f"{i}.down", (QUERY_RANK + LATENT + ROTARY, hidden)
        yield f"{i}.query up", (HEADS * (PLAIN + ROTARY), QUERY_RANK)
        yield f"{i}.latent up", (HEADS * (PLAIN + VALUE), LATENT)
        yield f"{i}.output", (hidden, HEADS * VALUE)
        if i == 0:
            yield f"{i}.widen", (2 * dense, hidden)
            yield f"{i}.narrow", (hidden, dense)
            continue
        yield f"{i}.router", (EXPERTS, hidden)
        yield f"{i}.shared widen", (2 * width, hidden)
        yield f"{i}.shared narrow", (hidden, width)
        yield f"{i}.experts widen", (EXPERTS, 2 * width, hidden)
        yield f"{i}.experts narrow", (EXPERTS, hidden, width)
    yield "norm", (hidden,)


def read_header(file):
    """A length in groups of seven bits, and JSON: what .NET's BinaryWriter makes of a text."""
    length = shift = 0
    while True:
        byte = file.read(1)[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return json.loads(file.read(length))


def write_header(file, header):
    text = json.dumps(header).encode()
    length = len(text)
    while length >= 0x80:
        file.write(bytes([length & 0x7F | 0x80]))
        length >>= 7
    file.write(bytes([length]) + text)


def rows(path):
    """Endless: ids and, for each, whether it is learnt. A row is its length (32 bits) and as many 16-bit numbers, the highest bit for "learnt"."""
    with open(path, "rb") as file:
        data = file.read()
    while True:
        at = 0
        while at < len(data):
            (count,) = struct.unpack_from("<i", data, at)
            values = np.frombuffer(data, "<u2", count, at + 4)
            at += 4 + 2 * count
            yield (values & 0x7FFF).astype(np.int64), values >> 15 == 1


def batches(path, tokens, device):
    stream = rows(path)
    while True:
        pool = sorted((next(stream) for _ in range(2048)), key=lambda row: len(row[0]))
        cut = []
        while pool:
            part = [pool.pop()]
            while pool and (len(part) + 1) * len(part[0][0]) <= tokens:
                part.append(pool.pop())
            cut.append(part)
        for i in np.random.permutation(len(cut)):
            ids = np.zeros((len(cut[i]), len(cut[i][0][0])), np.int64)
            targets = np.full_like(ids, -100)
            for r, (row, learnt) in enumerate(cut[i]):
                ids[r, : len(row)] = row
                targets[r, : len(row) - 1] = np.where(learnt[1:], row[1:], -100)
            yield torch.from_numpy(ids).to(device), torch.from_numpy(targets).to(device)


def norm(x, weight):
    wide = x.float()
    return wide * (wide.square().mean(-1, keepdim=True) + EPSILON).rsqrt() * weight


def turn(x, cosines, sines):
    a, b = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.cat([a * cosines - b * sines, a * sines + b * cosines], -1)


def gated(h, widen, narrow):
    gate, up = (h @ widen.T).chunk(2, -1)
    return (F.silu(gate) * up) @ narrow.T


def attend(queries, keys, values):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
    # PyTorch before 2.0.
    scores = (queries @ keys.transpose(-1, -2)).float() / queries.shape[-1] ** 0.5
    later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
    return scores.masked_fill(later, float("-inf")).softmax(-1).to(values.dtype) @ values


def forward(p, biases, ids, loads):
    """Logits [B, T, vocabulary]; adds each layer's tokens for each expert to loads."""
    b, t = ids.shape
    angles = torch.outer(torch.arange(t, device=ids.device), BASE ** (-torch.arange(0, ROTARY, 2, device=ids.device) / ROTARY))[:, None]
    cosines, sines = angles.cos().bfloat16(), angles.sin().bfloat16()
    half = {name: value if value.dim() == 1 or name == "embedding" or name.endswith("router") else value.bfloat16() for name, value in p.items()}
    x = p["embedding"][ids]
    for i in range(len(biases)):
        w = {name.split(".", 1)[1]: value for name, value in half.items() if name.startswith(f"{i}.")}
        down, latent, key = (norm(x, w["attention norm"]).bfloat16() @ w["down"].T).split([QUERY_RANK, LATENT, ROTARY], -1)
        query = (norm(down, w["query norm"]).bfloat16() @ w["query up"].T).view(b, t, HEADS, -1)
        pair = (norm(latent, w["latent norm"]).bfloat16() @ w["latent up"].T).view(b, t, HEADS, -1)
        queries = torch.cat([query[..., :PLAIN], turn(query[..., PLAIN:], cosines, sines)], -1).transpose(1, 2)
        keys = torch.cat([pair[..., :PLAIN], turn(key.view(b, t, 1, -1), cosines, sines).expand(-1, -1, HEADS, -1)], -1).transpose(1, 2)
        attended = attend(queries, keys, pair[..., PLAIN:].transpose(1, 2))
        x = x + attended.transpose(1, 2).reshape(b, t, -1) @ w["output"].T
        exact = norm(x, w["feed norm"])
        h = exact.bfloat16()
        if i == 0:
            x = x + gated(h, w["widen"], w["narrow"])
            continue
        probabilities = (exact @ w["router"].T).sigmoid()
        chosen = (probabilities.detach() + biases[i]).topk(CHOSEN, -1).indices
        weights = probabilities.gather(-1, chosen)
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
        loads[i] += torch.bincount(chosen.flatten(), minlength=EXPERTS)
        # All experts for all tokens: on a GPU, eight small products at once cost less than sorting.
        share = torch.zeros_like(probabilities).scatter(-1, chosen, weights).bfloat16()
        gate, up = torch.einsum("btd,ewd->btew", h, w["experts widen"]).chunk(2, -1)
        x = x + gated(h, w["shared widen"], w["shared narrow"]) + torch.einsum("btew,edw->btd", F.silu(gate) * up * share[..., None], w["experts narrow"])
    return (norm(x, p["norm"]).bfloat16() @ p["embedding"].bfloat16().T).float()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--from", dest="start", required=True)
    options.add_argument("--rows", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--steps", type=int, default=20_000)
    options.add_argument("--tokens", type=int, default=65_536, help="of a step")
    options.add_argument("--rate", type=float, default=3e-3)
    options.add_argument("--decay", type=float, default=0.2, help="the last share of the steps, over which the rate falls to nothing")
    options.add_argument("--device", default="cuda")
    o = options.parse_args()

    with open(o.start, "rb") as file:
        header = read_header(file)
        sizes = dict(plan(header["Vocabulary"], header["Hidden"], header["Layers"]))
        flat = np.frombuffer(file.read(4 * sum(int(np.prod(size)) for size in sizes.values())), "<f4")
        biases = torch.from_numpy(np.frombuffer(file.read(4 * header["Layers"] * EXPERTS), "<f4").reshape(-1, EXPERTS).copy()).to(o.device)
    p, at = {}, 0
    for name, size in sizes.items():
        count = int(np.prod(size))
        p[name] = torch.from_numpy(flat[at : at + count].reshape(size).copy()).to(o.device).requires_grad_()
        at += count
    mean = {name: value.detach().clone() for name, value in p.items()}
    matrices = [value for name, value in p.items() if value.dim() > 1 and name != "embedding"]
    rest = [value for name, value in p.items() if value.dim() == 1 or name == "embedding"]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0}], lr=o.rate, betas=(0.9, 0.98), eps=1e-8)
    stream = batches(o.rows, o.tokens, o.device)
    seen = 0
    for step in range(o.steps):
        for group in optimiser.param_groups:
            group["lr"] = o.rate * min(1, (step + 1) / 50) * min(1, max(0.01, (o.steps - step) / (o.decay * o.steps)))
        ids, targets = next(stream)
        loads = torch.zeros(header["Layers"], EXPERTS, device=o.device)
        logits = forward(p, biases, ids, loads)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(p.values()), 1)
        optimiser.step()
        with torch.no_grad():
            biases[1:] += 2e-3 * torch.sign(loads[1:].mean(-1, keepdim=True) - loads[1:])
            for name, value in p.items():
                mean[name].lerp_(value, 1 - min(0.999, step / (step + 20)))
        seen += ids.numel()
        if step % 100 == 0:
            print(f"step {step} tokens {seen / 1e6:.1f} M loss {loss.item():.4f}", flush=True)

    with open(o.out, "wb") as file:
        write_header(file, header | {"Steps": o.steps, "Tokens": header["Tokens"] + seen})
        whole = np.concatenate([value.detach().cpu().numpy().ravel() for value in p.values()])
        averaged = np.concatenate([value.cpu().numpy().ravel() for value in mean.values()])
        # The optimiser's own averages are not kept: a run goes on from here with new ones.
        for part in (whole, biases.cpu().numpy().ravel(), np.zeros_like(whole), np.zeros_like(whole), averaged):
            file.write(part.astype("<f4").tobytes())


main()
