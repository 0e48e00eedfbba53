"""The per-vertebra network: a compact 3-D U-Net that works from half resolution downwards.

The first layer (4x4x4, stride 2) folds full-resolution detail into channels and the last one (transposed 2x2x2) unfolds it again: convolutions of
few channels at full resolution cost more than all the rest together on CPUs and gave nothing that these two do not give.
"""
from __future__ import annotations

import torch
from torch import nn


def block(cin, cout, kernel=3, stride=1):
    return nn.Sequential(nn.Conv3d(cin, cout, kernel, stride, 1, bias=False), nn.InstanceNorm3d(cout, affine=True, eps=1e-5), nn.LeakyReLU(0.01, True))


class SegmenterNet(nn.Module):
    """Input N x 2 x D x H x W (CT, centre bump), sizes divisible by 8; output: logit of "this vertebra"."""

    def __init__(self, c=(32, 64, 96)):
        super().__init__()
        self.stem = block(2, c[0], 4, 2)
        self.enc1 = block(c[0], c[0])
        self.down2 = block(c[0], c[1], 3, 2)
        self.enc2 = block(c[1], c[1])
        self.down3 = block(c[1], c[2], 3, 2)
        self.enc3 = nn.Sequential(block(c[2], c[2]), block(c[2], c[2]))
        self.up2 = nn.ConvTranspose3d(c[2], c[1], 2, 2)
        self.dec2 = nn.Sequential(block(2 * c[1], c[1]), block(c[1], c[1]))
        self.up1 = nn.ConvTranspose3d(c[1], c[0], 2, 2)
        self.dec1 = nn.Sequential(block(2 * c[0], c[0]), block(c[0], c[0]))
        self.out = nn.ConvTranspose3d(c[0], 1, 2, 2)

    def forward(self, x):
        s1 = self.enc1(self.stem(x))
        s2 = self.enc2(self.down2(s1))
        s3 = self.enc3(self.down3(s2))
        d2 = self.dec2(torch.cat([self.up2(s3), s2], 1))
        d1 = self.dec1(torch.cat([self.up1(d2), s1], 1))
        return self.out(d1)
