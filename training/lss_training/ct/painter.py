"""Tissue maps -> CT values, and what a scanner does to them.

    hu = paint(scene, rng, spacing)                   # ideal HU on the scene's own grid, spacing in (k, j, i)
    hu = acquire(hu, spacing, rng)                    # slice thickness, kernel, noise; same grid again (native grid and back)

Values are drawn at random per sample, most of the time within what CT shows, now and then far outside of it, because kernels, contrast agent,
noise and bone density vary more than shape does.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, zoom

from lss_training.common.resampling import along, antialiased_matrix, box_matrix
from lss_training.ct import anatomy as A


def draw_values(rng):
    """Random HU per soft tissue id."""
    n = rng.normal
    v = np.zeros(32, np.float32)
    contrast = rng.random() < 0.55
    phase = rng.random()
    fat = n(-100, 12)
    muscle = n(52, 14)
    v[A.AIR], v[A.FAT], v[A.VISCERAL_FAT], v[A.MUSCLE], v[A.SKIN] = -1000, fat, fat + n(5, 8), muscle, n(20, 40)
    v[A.LIVER] = n(55, 12) + contrast * rng.uniform(0, 70)
    v[A.KIDNEY] = n(32, 8) + contrast * rng.uniform(0, 180)
    v[A.SPLEEN] = n(48, 8) + contrast * rng.uniform(0, 90)
    v[A.ARTERY] = n(42, 8) + contrast * (rng.uniform(120, 420) if phase < 0.4 else rng.uniform(40, 160))
    v[A.VEIN] = n(40, 8) + contrast * rng.uniform(0, 160)
    v[A.HEART] = n(42, 8) + contrast * rng.uniform(0, 250)
    v[A.BOWEL], v[A.GAS], v[A.ORAL_CONTRAST], v[A.LUNG] = n(30, 18), n(-880, 60), rng.uniform(120, 700), n(-830, 70)
    v[A.DISC], v[A.CANAL], v[A.CORD], v[A.LIGAMENT] = n(85, 22), n(18, 12), n(38, 8), n(65, 25)
    v[A.TABLE], v[A.METAL] = rng.uniform(-300, 300), 2500
    if rng.random() < 0.12:  # anything goes: the network must look at shapes
        keep = v[[A.AIR, A.GAS, A.LUNG]].copy()
        v[:] = v + rng.normal(0, 70, v.shape)
        v[[A.AIR, A.GAS, A.LUNG]] = keep
    return v


def smooth_field(rng, shape, cells):
    """Smooth random field of about unit deviation, `cells` knots per axis."""
    small = rng.standard_normal((cells, cells, cells)).astype(np.float32)
    f = zoom(small, [n / cells for n in shape], order=1)
    return f[: shape[0], : shape[1], : shape[2]]


def noise_field(rng, shape, sigma):
    f = rng.standard_normal(shape, dtype=np.float32)
    if np.max(sigma) > 0:
        f = gaussian_filter(f, sigma, truncate=2.5)
        f /= f.std() + 1e-6
    return f


def paint(scene, rng, spacing, core=None):
    """core: HU of the inner bone of an osteoporotic person; drawn unless given."""
    spacing = np.asarray(spacing, float)
    u = rng.uniform
    values = draw_values(rng)
    hu = values[scene.soft]
    hu += smooth_field(rng, hu.shape, 6) * u(2, 9) * (hu > -300)
    if rng.random() < 0.6:  # fat between the fibres of muscles
        streaks = noise_field(rng, hu.shape, np.array([u(2, 8), u(1, 3), u(1, 3)]) / spacing)
        share = np.clip((streaks - u(0.3, 2.0)) * 1.5, 0, 1) * (scene.soft == A.MUSCLE)
        hu = hu + share * (values[A.FAT] - hu)
    hu = gaussian_filter(hu, u(0.2, 0.8) / spacing * 1.2, truncate=2.5)
    # bone: core density, texture and shell
    osteoporotic = core is not None or rng.random() < 0.45
    if core is None:
        core = u(-20, 110) if osteoporotic else u(90, 300)
    if not osteoporotic and rng.random() < 0.2:
        core = u(250, 550)
    cortex = core + (u(150, 700) if osteoporotic else u(100, 800))
    texture = noise_field(rng, hu.shape, u(0.5, 1.6) / spacing) * (u(5, 45) * (0.5 + max(core, 0) / 300))
    texture += smooth_field(rng, hu.shape, 9) * (max(core, 60) * u(0.03, 0.25))
    per_level = 1 + rng.normal(0, 0.08, 256).astype(np.float32)
    inner = core * per_level[scene.instance] + texture
    if rng.random() < 0.4:  # ribs, sacrum and ilium of another density
        inner = np.where(scene.kind == A.VERTEBRA, inner, inner * u(0.5, 1.3))
    thickness = u(0.25, 0.9 if osteoporotic else 1.9) * np.exp(0.35 * smooth_field(rng, hu.shape, 12))
    width = float(np.mean(spacing)) * u(0.8, 1.2)
    d = scene.bone
    inside = np.clip(0.5 - d / width, 0, 1)
    deep = np.clip(0.5 - (d + thickness) / width, 0, 1)
    shell_value = cortex * (1 + 0.2 * smooth_field(rng, hu.shape, 8))
    marrow_fat = np.clip(-d / 12, 0, 1) * u(-30, 10)  # the middle of a body is darker
    hu = hu * (1 - inside) + shell_value * (inside - deep) + (inner + marrow_fat) * deep
    if rng.random() < 0.12:  # sclerosis, bone islands, small metastases, holes
        spots = smooth_field(rng, hu.shape, 14)
        hu = np.where((d < -1) & (spots > u(1.0, 1.6)), hu + u(-150, 600), hu)
    if rng.random() < 0.15:  # endplates and joints of old people are thick and dense in places
        places = smooth_field(rng, hu.shape, 8) > u(0.2, 1.2)
        hu = hu + u(100, 500) * np.clip(0.5 + (d + u(2, 5)) / width, 0, 1) * inside * places
    if rng.random() < 0.08:
        hu = cement(hu, scene, rng)
    return hu.astype(np.float32)


def cement(hu, scene, rng):
    """Something very dense within a bone: cement or a screw."""
    inside = np.argwhere(scene.bone < -4)
    if len(inside) == 0:
        return hu
    c = inside[rng.integers(len(inside))]
    grid = np.ogrid[tuple(slice(0, n) for n in hu.shape)]
    axis = rng.normal(size=3)
    axis /= np.linalg.norm(axis)
    v = [g - m for g, m in zip(grid, c)]
    along = v[0] * axis[0] + v[1] * axis[1] + v[2] * axis[2]
    across = np.sqrt(np.maximum(v[0] ** 2 + v[1] ** 2 + v[2] ** 2 - along**2, 0))
    metal = (across < rng.uniform(1.2, 3)) & (np.abs(along) < rng.uniform(4, 16))
    hu = np.where(metal, rng.uniform(1000, 3000), hu)
    return hu + 60 * np.sin(np.arctan2(v[2] + 0 * across, v[1] + 0 * across) * 7) * np.exp(-across / 10) * (
        np.abs(along) < 16
    )


def acquire(hu, spacing, rng, thick=None):
    """One scan of an ideal volume: blur along the slice axis, kernel, noise, and back to the given grid by the library's rule.

    `thick`: None, or the slice spacing (mm) to use along a random axis (mostly k).
    """
    u = rng.uniform
    spacing = np.asarray(spacing, float)
    shape = hu.shape
    hu = np.clip(hu, -1024, 3000)
    slice_axis = int(rng.choice([0, 1, 2], p=[0.78, 0.05, 0.17]))
    if thick is None:
        thick = u(0.6, 1.5) if rng.random() < 0.4 else float(rng.choice([2, 2.5, 3, 4, 5])) * u(0.9, 1.1)
    in_plane = u(1.6, 3.2) if rng.random() < 0.1 else 1.0
    back = {}
    for axis in range(3):
        step = thick if axis == slice_axis else in_plane
        if step <= spacing[axis] * 1.05:
            if axis == slice_axis:
                hu = gaussian_filter1d(hu, 0.35 * thick / spacing[axis], axis=axis, truncate=2.5)
            continue
        n = max(2, int(round(shape[axis] * spacing[axis] / step)))
        width = step * u(0.7, 1.05) / spacing[axis]
        hu = along(box_matrix(shape[axis], n, max(1.0, width)), hu, axis)
        back[axis] = antialiased_matrix(n, shape[axis])
    planar = [a for a in range(3) if a != slice_axis]
    sharp = rng.random()
    if sharp < 0.35:
        blur = u(0.6, 1.1)
        soft = hu
        for a in planar:
            soft = gaussian_filter1d(soft, blur, axis=a, truncate=2.5)
        hu = hu + u(0.2, 1.8) * (hu - soft)
    elif sharp < 0.75:
        for a in planar:
            hu = gaussian_filter1d(hu, u(0.2, 0.75) / spacing[a], axis=a, truncate=2.5)
    level = np.exp(u(np.log(4), np.log(70)))
    sigma = np.zeros(3)
    sigma[planar] = u(0, 0.8)
    if sharp < 0.2:  # the noise of such a kernel
        level, sigma[planar] = np.exp(u(np.log(30), np.log(130))), u(0, 0.3)
    hu = hu + noise_field(rng, hu.shape, sigma) * level * (1 + 0.3 * smooth_field(rng, hu.shape, 3))
    if rng.random() < 0.15:  # streaks along one in-plane axis, as between hips or arms
        a = planar[int(rng.integers(2))]
        streak = noise_field(rng, hu.shape, [0.4 if ax != a else 12 for ax in range(3)])
        hu = hu + streak * u(5, 40)
    if rng.random() < 0.3:
        hu = hu * u(0.9, 1.1) + u(-25, 25)
    for axis, m in back.items():
        hu = along(m, hu, axis)
    return np.clip(hu, -1024, 3071).astype(np.float32)


def slices(hu, spacing, thick, axis, noise, rng):
    """The plainest scanner: box slices `thick` mm apart along `axis`, white noise, back to the grid by the library's rule."""
    n = max(2, int(round(hu.shape[axis] * spacing[axis] / thick)))
    if thick <= spacing[axis]:
        return hu + noise * rng.standard_normal(hu.shape, dtype=np.float32)
    low = along(box_matrix(hu.shape[axis], n, thick / spacing[axis]), hu, axis)
    low = low + noise * rng.standard_normal(low.shape, dtype=np.float32)
    return along(antialiased_matrix(n, hu.shape[axis]), low, axis)
