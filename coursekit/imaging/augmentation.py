"""Films changed at random while training, in ways that leave the diagnosis true.

There are no flips. A mirrored chest film has its heart on the right: that is situs
inversus, a finding of its own, and a network trained on mirrored films cannot tell
left from right any more.
"""

import math
from dataclasses import dataclass

import torch
from torch.nn import functional

from coursekit.imaging.shortcuts import corners


@dataclass(frozen=True)
class Augmentation:
    """Small random changes, drawn anew for every film and every epoch.

    All amounts default to 0, which changes nothing.

    Parameters
    ----------
    shift : float >= 0
        Up to so many pixels in each direction; the edge is repeated.
    rotate : float >= 0
        Up to so many degrees either way, as a patient lies.
    zoom : float in [0, 1)
        Up to this share larger or smaller.
    contrast : float in [0, 1)
        Distance from the film's mean is multiplied by 1 - contrast to 1 + contrast.
    brightness : float >= 0
        Up to so much is added or taken, on a scale of 0 to 1.
    noise : float >= 0
        Standard deviation of the noise, on a scale of 0 to 1.
    mask_corners : int >= 0
        The four corners of so many pixels are filled with the film's mean, always.
        Do the same (`mask_corners`) when predicting.
    swap_corners : int >= 0
        The four corners of so many pixels are exchanged between the films of a
        batch, so that a token in them says nothing of the film it is on.

    Examples
    --------
    >>> films = torch.rand(4, 1, 28, 28)
    >>> generator = torch.Generator().manual_seed(0)
    >>> changed = Augmentation(shift=2, contrast=0.2)(films, generator)
    >>> changed.shape, bool((changed == films).all())
    (torch.Size([4, 1, 28, 28]), False)
    """

    shift: float = 0.0
    rotate: float = 0.0
    zoom: float = 0.0
    contrast: float = 0.0
    brightness: float = 0.0
    noise: float = 0.0
    mask_corners: int = 0
    swap_corners: int = 0

    def __call__(self, films, generator):
        """Return changed copies of films in [0, 1], (n, channels, height, width).

        Chance comes from a CPU `generator`, so that it does not depend on the device.
        """
        films = films.clone()
        self._change_corners(films, generator)
        if self.shift or self.rotate or self.zoom:
            films = self._move(films, generator)
        if self.contrast or self.brightness or self.noise:
            films = self._change_grey(films, generator)
        return films

    def _change_corners(self, films, generator):
        if self.swap_corners:
            other = torch.randperm(len(films), generator=generator).to(films.device)
            for place in corners(self.swap_corners):
                films[place] = films[place][other]
        if self.mask_corners:
            mean = films.mean((2, 3), keepdim=True)
            for place in corners(self.mask_corners):
                films[place] = mean

    def _move(self, films, generator):
        n, _, height, width = films.shape
        turn, size, right, down = 2 * torch.rand(4, n, generator=generator) - 1
        angle, scale = turn * math.radians(self.rotate), 1 + size * self.zoom
        right, down = right * 2 * self.shift / width, down * 2 * self.shift / height
        cos, sin = scale * angle.cos(), scale * angle.sin()
        rows = [torch.stack([cos, -sin, right], 1), torch.stack([sin, cos, down], 1)]
        where = functional.affine_grid(
            torch.stack(rows, 1).to(films), films.shape, align_corners=False
        )
        return functional.grid_sample(
            films, where, padding_mode="border", align_corners=False
        )

    def _change_grey(self, films, generator):
        n = len(films)
        stretch, lift = 2 * torch.rand(2, n, 1, 1, 1, generator=generator) - 1
        mean = films.mean((1, 2, 3), keepdim=True)
        stretch = (1 + stretch * self.contrast).to(films)
        films = mean + (films - mean) * stretch + (lift * self.brightness).to(films)
        if self.noise:
            grain = torch.randn(films.shape, generator=generator).to(films)
            films = films + self.noise * grain
        return films.clamp(0, 1)
