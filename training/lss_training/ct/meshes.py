"""Triangle meshes of vertebrae (OBJ, binary PLY; mm, LPS) as label maps of 1 mm voxels."""

from __future__ import annotations

import gzip

import numpy as np
from scipy.ndimage import binary_fill_holes
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def read(path):
    """(vertices n x 3, triangles m x 3) of a gzipped file."""
    with gzip.open(path) as f:
        text = f.read()
    return _ply(text) if text.startswith(b"ply") else _obj(text.decode())


def _obj(text):
    vertices, faces = [], []
    for line in text.splitlines():
        if line.startswith("v "):
            vertices.append(line.split()[1:4])
        elif line.startswith("f "):
            faces.append([int(part.split("/")[0]) - 1 for part in line.split()[1:4]])
    return np.array(vertices, float), np.array(faces)


def _ply(text):
    """Vertices of floats, faces that are lists of a byte and three ints, as VTK writes them."""
    head, body = text.split(b"end_header\n", 1)
    words = [line.split() for line in head.decode("ascii", "replace").splitlines()]
    counts = {w[1]: int(w[2]) for w in words if w[:1] == ["element"]}
    columns = sum(w[:2] == ["property", "float"] for w in words)
    size = 4 * columns * counts["vertex"]
    vertices = np.frombuffer(body[:size], "<f4").reshape(-1, columns)[:, :3]
    faces = np.frombuffer(body[size:], np.dtype([("n", "u1"), ("at", "<i4", 3)]), counts["face"])
    return vertices.astype(float), faces["at"]


def parts(vertices, faces):
    """The connected parts, from the head down; pieces with less than a tenth of the largest one's triangles are left out."""
    # vertices that were stored twice join the faces that they belong to
    _, same = np.unique(np.round(vertices, 3), axis=0, return_inverse=True)
    f = same.reshape(-1)[faces]
    n = f.max() + 1
    edges = coo_matrix((np.ones(2 * len(f)), (np.r_[f[:, 0], f[:, 1]], np.r_[f[:, 1], f[:, 2]])), (n, n))
    _, part = connected_components(edges, directed=False)
    of = part[f[:, 0]]
    counts = np.bincount(of)
    found = [faces[of == k] for k in np.flatnonzero(counts > counts.max() / 10)]
    return sorted(found, key=lambda p: -vertices[p].reshape(-1, 3)[:, 2].mean())


def label_map(vertices, solids, margin=4):
    """Solid bodies on a 1 mm grid in the order (k, j, i) = (S, P, L): 1 for the first, 2 for the second and so on. A voxel through which the
    surface goes belongs to the body."""
    low = np.floor(vertices.min(0)) - margin
    size = (np.ceil(vertices.max(0)) + margin - low).astype(int)
    out = np.zeros(size[::-1], np.uint8)
    for n, faces in enumerate(solids):
        voxels = np.floor(surface(vertices[faces]) - low).astype(int)
        start, stop = voxels.min(0) - 1, voxels.max(0) + 2
        shell = np.zeros((stop - start)[::-1], bool)
        x, y, z = (voxels - start).T
        shell[z, y, x] = True
        box = tuple(slice(a, b) for a, b in zip(start[::-1], stop[::-1]))
        out[box][binary_fill_holes(shell) & (out[box] == 0)] = n + 1
    return out


def surface(triangles, step=0.5):
    """Points on triangles (m x 3 x 3), at most about `step` mm apart."""
    longest = np.linalg.norm(triangles - np.roll(triangles, 1, 1), axis=2).max(1)
    found = []
    pieces = np.maximum(1, np.ceil(longest / step).astype(int))
    for count in np.unique(pieces):
        a, b = np.meshgrid(np.arange(count + 1), np.arange(count + 1))
        keep = a + b <= count
        w = np.stack([a[keep], b[keep], count - a[keep] - b[keep]], 1) / count
        found.append(np.einsum("wc,mcx->mwx", w, triangles[pieces == count]).reshape(-1, 3))
    return np.concatenate(found)
