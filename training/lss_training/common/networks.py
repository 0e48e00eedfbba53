"""The networks: one U-Net that works from half resolution downwards, in two or three dimensions.

The first layer (4 voxels per axis, stride 2) folds full-resolution detail into channels and the last one (transposed, 2 per axis) unfolds it again:
convolutions of few channels at full resolution cost more than all the rest together on CPUs and gave nothing that these two do not give.
"""

from __future__ import annotations

import torch
from torch import nn

CONVOLUTION = {2: nn.Conv2d, 3: nn.Conv3d}
TRANSPOSED = {2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
NORM = {("instance", 2): nn.InstanceNorm2d, ("instance", 3): nn.InstanceNorm3d, ("batch", 3): nn.BatchNorm3d}


class UNet(nn.Module):
    """Takes N x inputs x spatial sizes that are multiples of `stride`; gives N x outputs x the same sizes, as logits.

    features: channels of each resolution, the finest (half resolution) first. lowest, decoder: number of blocks at the lowest resolution, and of each
    decoder from the finest on. last: channels of the finest decoder, as many as features[0] unless given.
    """

    def __init__(self, rank, inputs, outputs, features, norm, join, lowest, decoder, last=None):
        super().__init__()
        self.rank, self.inputs, self.join, self.norm, self.levels = rank, inputs, join, norm, len(features)
        self.stride = 2**self.levels
        self.stem = self.block(inputs, features[0], 4, 2)
        self.enc1 = self.block(features[0], features[0])
        for n in range(1, self.levels):
            setattr(self, f"down{n + 1}", self.block(features[n - 1], features[n], 3, 2))
            setattr(self, f"enc{n + 1}", self.blocks(features[n], features[n], lowest if n == self.levels - 1 else 1))
        for n in range(self.levels - 1, 0, -1):
            out = last if n == 1 and last else features[n - 1]
            setattr(self, f"up{n}", TRANSPOSED[rank](features[n], features[n - 1], 2, 2))
            joined = features[n - 1] * (2 if join == "concatenate" else 1)
            setattr(self, f"dec{n}", self.blocks(joined, out, decoder[n - 1]))
        self.out = TRANSPOSED[rank](last or features[0], outputs, 2, 2)

    def block(self, inputs, outputs, kernel=3, stride=1):
        norm = NORM[self.norm, self.rank]
        norm = norm(outputs, affine=True, eps=1e-5) if self.norm == "instance" else norm(outputs, momentum=0.05)
        return nn.Sequential(
            CONVOLUTION[self.rank](inputs, outputs, kernel, stride, 1, bias=False), norm, nn.LeakyReLU(0.01, True)
        )

    def blocks(self, inputs, outputs, count):
        first = self.block(inputs, outputs)
        if count == 1:
            return first
        return nn.Sequential(first, *(self.block(outputs, outputs) for _ in range(count - 1)))

    def decoded(self, x):
        """Outputs of the decoders, the coarsest first."""
        skips = [self.enc1(self.stem(x))]
        for n in range(2, self.levels + 1):
            skips.append(getattr(self, f"enc{n}")(getattr(self, f"down{n}")(skips[-1])))
        x, found = skips.pop(), []
        for n in range(self.levels - 1, 0, -1):
            up, skip = getattr(self, f"up{n}")(x), skips.pop()
            joined = torch.cat([up, skip], 1) if self.join == "concatenate" else up + skip
            x = getattr(self, f"dec{n}")(joined)
            found.append(x)
        return found

    def forward(self, x):
        return self.out(self.decoded(x)[-1])
