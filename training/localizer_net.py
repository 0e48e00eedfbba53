"""The coarse network: heat maps of vertebra centres on a 4 mm grid.

Works from 8 mm downwards: the first layer (4x4x4, stride 2) folds the 4 mm grid into channels and the last one (transposed 2x2x2) unfolds it again,
which costs a fifth of convolutions at 4 mm and still places a peak to about a third of a voxel. Five resolutions (4 to 64 mm) give each output voxel
a view of about +-25 cm, so that the sacrum or the ribs can name a vertebra four levels away.

Batch normalisation, not instance normalisation: a field of view of 80 mm is mostly padding, and instance statistics would then be the statistics of
padding. With frozen statistics the network is a plain convolution, so its answer does not depend on what else lies in the tile.
"""
from __future__ import annotations

import torch
from torch import nn

CHANNELS = ["any", "thoracic", "T12", "L1", "L2", "L3", "L4", "L5", "S1"]
STRIDE = 16
LOWER, UPPER, MEAN, STD = -400.0, 1000.0, 50.0, 250.0
PADDING = (LOWER - MEAN) / STD


def normalise(hu):
    return ((hu.clip(LOWER, UPPER) - MEAN) / STD).astype("float32")


def block(cin, cout, kernel=3, stride=1):
    return nn.Sequential(nn.Conv3d(cin, cout, kernel, stride, 1, bias=False), nn.BatchNorm3d(cout, momentum=0.05), nn.LeakyReLU(0.01, True))


class LocalizerNet(nn.Module):
    """Input N x 1 x D x H x W, sizes divisible by 16; output: 9 logits per voxel in the order of CHANNELS."""

    def __init__(self, c=(16, 32, 64, 128), last=32):
        super().__init__()
        self.stem = block(1, c[0], 4, 2)
        self.enc1 = block(c[0], c[0])
        self.down2 = block(c[0], c[1], 3, 2)
        self.enc2 = block(c[1], c[1])
        self.down3 = block(c[1], c[2], 3, 2)
        self.enc3 = block(c[2], c[2])
        self.down4 = block(c[2], c[3], 3, 2)
        self.enc4 = nn.Sequential(block(c[3], c[3]), block(c[3], c[3]), block(c[3], c[3]))
        self.up3 = nn.ConvTranspose3d(c[3], c[2], 2, 2)
        self.dec3 = nn.Sequential(block(c[2], c[2]), block(c[2], c[2]))
        self.up2 = nn.ConvTranspose3d(c[2], c[1], 2, 2)
        self.dec2 = nn.Sequential(block(c[1], c[1]), block(c[1], c[1]))
        self.up1 = nn.ConvTranspose3d(c[1], c[0], 2, 2)
        self.dec1 = block(c[0], last)
        self.out = nn.ConvTranspose3d(last, len(CHANNELS), 2, 2)
        nn.init.constant_(self.out.bias, -4.0)                 # heat maps are nearly empty: start there
        # for training only: names of whole regions at 16 and 32 mm. The Gaussians are small; these teach the long-range part much faster.
        self.hint2, self.hint3 = nn.Conv3d(c[1], len(CHANNELS), 1), nn.Conv3d(c[2], len(CHANNELS), 1)

    def forward(self, x, hints=False):
        s1 = self.enc1(self.stem(x))
        s2 = self.enc2(self.down2(s1))
        s3 = self.enc3(self.down3(s2))
        s4 = self.enc4(self.down4(s3))
        d3 = self.dec3(self.up3(s4) + s3)
        d2 = self.dec2(self.up2(d3) + s2)
        d1 = self.dec1(self.up1(d2) + s1)
        return (self.out(d1), self.hint2(d2), self.hint3(d3)) if hints else self.out(d1)
