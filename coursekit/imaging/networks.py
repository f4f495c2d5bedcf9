"""Two networks for small films: one that a laptop trains in a minute, one to compare.

Both take float films in [0, 1] and give logits, never risks: the loss takes logits,
and a sigmoid before it would be applied twice.
"""

import torch
from torch import nn
from torch.nn import functional

from coursekit.imaging.randomness import seeded


def conv(n_in, n_out, size=3, stride=1):
    """Return a convolution that keeps the size (at stride 1), normalised."""
    layer = nn.Conv2d(n_in, n_out, size, stride, padding=size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(n_out))


class Classifier(nn.Module):
    """Features, pooled over the film, and one linear layer: what both networks are.

    `features` maps a batch to (n, n_features, height', width'), where Grad-CAM looks.
    """

    def __init__(self, features, head, pool):
        super().__init__()
        self.features = features
        self.head = head
        self.pool = pool

    def forward(self, films):
        """Return logits of shape (n, n_outputs) for films in [0, 1]."""
        return self.head(self.pool(self.features((films - 0.5) / 0.25)))


def average_pool(maps):
    """Return the mean of each feature over the film, (n, n_features)."""
    return maps.mean((2, 3))


def average_and_max_pool(maps):
    """Return mean and maximum of each feature, (n, 2 * n_features).

    The maximum sees a small lesion that the mean dilutes.
    """
    return torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], dim=1)


class SmallCNN(Classifier):
    """A small convolutional network for films of about 28x28 to 64x64.

    Four convolutions (the first 5x5 at stride 2, the third 3x3 at stride 2), then
    mean and maximum over the film, then one linear layer.

    Parameters
    ----------
    in_channels : int, default=1
        1 for grey films, 3 for colour.
    n_outputs : int, default=1
        1 for ill or not; else the number of classes.
    width : int, default=8
        Features of the first layer; 8 makes about 15,500 parameters.
    dropout : float in [0, 1), default=0
        Share of the pooled features set to 0 while training.
    random_state : int or Generator, default=0
        First weights.

    Examples
    --------
    >>> network = SmallCNN(random_state=0)
    >>> network(torch.zeros(2, 1, 28, 28)).shape, count_parameters(network)
    (torch.Size([2, 1]), 15417)
    """

    def __init__(
        self, in_channels=1, n_outputs=1, width=8, *, dropout=0.0, random_state=0
    ):
        with seeded(random_state):
            layers = [
                *(conv(in_channels, width, size=5, stride=2), nn.ReLU()),
                *(conv(width, 2 * width), nn.ReLU()),
                *(conv(2 * width, 4 * width, stride=2), nn.ReLU()),
                *(conv(4 * width, 4 * width), nn.ReLU()),
            ]
            head = [nn.Dropout(dropout), nn.Linear(8 * width, n_outputs)]
        super().__init__(
            nn.Sequential(*layers), nn.Sequential(*head), average_and_max_pool
        )


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in (He 2016, figure 2).

    Examples
    --------
    >>> ResidualBlock(4, 8, stride=2)(torch.zeros(1, 4, 10, 10)).shape
    torch.Size([1, 8, 5, 5])
    """

    def __init__(self, n_in, n_out, stride=1):
        super().__init__()
        self.change = nn.Sequential(
            conv(n_in, n_out, stride=stride), nn.ReLU(), conv(n_out, n_out)
        )
        same = stride == 1 and n_in == n_out
        self.shortcut = nn.Identity() if same else conv(n_in, n_out, 1, stride)

    def forward(self, maps):
        """Return the input, changed by what the two convolutions add."""
        return functional.relu(self.shortcut(maps) + self.change(maps))


class ResNet18(Classifier):
    """The residual network of 18 layers, with the stem that small films need.

    A 3x3 stem and no max-pooling, as He used for CIFAR: the stem for photographs
    would leave 7x7 places of a 28x28 film.

    Parameters
    ----------
    in_channels, n_outputs : int, default=1
        As for `SmallCNN`.
    width : int, default=64
        Features of the first stage; each of the three others doubles them. 64 makes
        11.2 million parameters, 8 makes 0.18 million.
    random_state : int or Generator, default=0
        First weights.

    References
    ----------
    He K, Zhang X, Ren S, Sun J. Deep residual learning for image recognition.
    CVPR 2016.

    Examples
    --------
    >>> network = ResNet18(width=4)
    >>> network(torch.zeros(2, 1, 16, 16)).shape
    torch.Size([2, 1])
    """

    def __init__(self, in_channels=1, n_outputs=1, width=64, *, random_state=0):
        with seeded(random_state):
            layers = [conv(in_channels, width), nn.ReLU()]
            n_in = width
            for n_out, stride in [(1, 1), (2, 2), (4, 2), (8, 2)]:
                n_out *= width
                layers += [
                    ResidualBlock(n_in, n_out, stride),
                    ResidualBlock(n_out, n_out),
                ]
                n_in = n_out
            head = nn.Linear(n_in, n_outputs)
        super().__init__(nn.Sequential(*layers), head, average_pool)


def count_parameters(network):
    """Return how many numbers a network learns.

    Parameters
    ----------
    network : torch.nn.Module

    Returns
    -------
    int
        Parameters that require a gradient; running means and variances are none.

    Examples
    --------
    >>> count_parameters(nn.Linear(10, 2))
    22
    """
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
