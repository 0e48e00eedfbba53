"""What is made of labels for the sagittal and axial MR networks."""

import numpy as np
import pytest

from lss_training.muscle import codes as muscle_codes
from lss_training.spine import codes


def test_every_code_means_at_least_one_class_and_the_first_six_themselves():
    m = codes.membership()
    assert (m.sum(1) >= 1).all()
    assert (m[:6] == np.eye(6)).all()
    assert m[codes.VERTEBRA].tolist() == [0, 1, 1, 0, 0, 0]


def test_a_mirrored_code_means_the_muscles_of_the_other_side():
    m = muscle_codes.membership()
    sides = [0, 2, 1, 4, 3, 6, 5, 8, 7]
    assert (m[muscle_codes.MIRRORED] == m[:, sides]).all()
    assert (muscle_codes.MIRRORED[muscle_codes.MIRRORED] == np.arange(len(m))).all()


def test_left_is_where_the_columns_are_large_whatever_the_numbers_of_a_map_say():
    pytest.importorskip("scipy")
    pytest.importorskip("PIL")
    from lss_training.muscle import maps

    labels = np.zeros((1, 4, 8), int)
    labels[0, 1, 1], labels[0, 1, 6] = 1, 2
    assert maps.sided(labels)[0, 1].tolist() == [0, 2, 0, 0, 0, 0, 1, 0]
    assert maps.sided(labels[:, :, ::-1])[0, 1].tolist() == [0, 2, 0, 0, 0, 0, 1, 0]


def test_vertebrae_are_parted_at_the_front_wall_of_the_canal():
    pytest.importorskip("scipy")
    pytest.importorskip("PIL")
    from lss_training.spine import slices

    labels = np.zeros((160, 100), np.uint8)
    labels[:, 50:62] = 3
    labels[20:50, 10:45] = 1
    labels[20:50, 70:90] = 1
    labels[60:150, 47:50] = 1  # beside the canal, in front of its wall
    target = slices.parted([labels] * 3)[1]
    assert (target[20:50, 10:45] == codes.BODY).all()
    assert (target[20:50, 70:90] == codes.ARCH).all()
    assert (target[60:150, 47:49] == codes.BODY).all()
    assert (target[:, 50:62] == codes.CANAL).all()


def test_the_loss_of_a_set_is_small_where_any_of_its_classes_is_sure():
    torch = pytest.importorskip("torch")
    from lss_training.spine import spine

    logits = torch.full((1, 6, 4, 4), -20.0)
    logits[:, codes.ARCH] = 20
    told = torch.full((1, 4, 4), codes.VERTEBRA, dtype=torch.uint8)
    other = torch.full((1, 4, 4), codes.NO_VERTEBRA, dtype=torch.uint8)
    assert spine.loss_fn(logits, told)[0] < spine.loss_fn(logits, other)[0] - 5
