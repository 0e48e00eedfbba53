"""The fascia network: a compact 2-D U-Net that works from half resolution downwards, as the per-vertebra network does (segmenter_net.py)."""
from __future__ import annotations

import torch
from torch import nn

STRIDE = 32


def block(cin, cout, kernel=3, stride=1):
    return nn.Sequential(nn.Conv2d(cin, cout, kernel, stride, 1, bias=False), nn.InstanceNorm2d(cout, affine=True, eps=1e-5), nn.LeakyReLU(0.01, True))


class FasciaNet(nn.Module):
    """Input N x 1 x H x W (grey, z-score), sizes divisible by 32; output: logits of background and fascia."""

    def __init__(self, c=(16, 32, 64, 96, 128)):
        super().__init__()
        self.stem = block(1, c[0], 4, 2)
        self.enc1 = block(c[0], c[0])
        self.down2, self.enc2 = block(c[0], c[1], 3, 2), block(c[1], c[1])
        self.down3, self.enc3 = block(c[1], c[2], 3, 2), block(c[2], c[2])
        self.down4, self.enc4 = block(c[2], c[3], 3, 2), block(c[3], c[3])
        self.down5 = block(c[3], c[4], 3, 2)
        self.enc5 = nn.Sequential(block(c[4], c[4]), block(c[4], c[4]))
        self.up4, self.dec4 = nn.ConvTranspose2d(c[4], c[3], 2, 2), block(2 * c[3], c[3])
        self.up3, self.dec3 = nn.ConvTranspose2d(c[3], c[2], 2, 2), block(2 * c[2], c[2])
        self.up2, self.dec2 = nn.ConvTranspose2d(c[2], c[1], 2, 2), block(2 * c[1], c[1])
        self.up1 = nn.ConvTranspose2d(c[1], c[0], 2, 2)
        self.dec1 = nn.Sequential(block(2 * c[0], c[0]), block(c[0], c[0]))
        self.out = nn.ConvTranspose2d(c[0], 2, 2, 2)

    def forward(self, x):
        s1 = self.enc1(self.stem(x))
        s2 = self.enc2(self.down2(s1))
        s3 = self.enc3(self.down3(s2))
        s4 = self.enc4(self.down4(s3))
        d = self.enc5(self.down5(s4))
        for up, skip, dec in ((self.up4, s4, self.dec4), (self.up3, s3, self.dec3), (self.up2, s2, self.dec2), (self.up1, s1, self.dec1)):
            d = dec(torch.cat([up(d), skip], 1))
        return self.out(d)
