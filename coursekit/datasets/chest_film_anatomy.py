"""What a healthy chest looks like on a film of 64 x 64 pixels.

Everything is a smooth function of two coordinates that run from -1 to 1 over the
film, x to the right of the image (the patient's left), y downwards. All functions
take a batch of films at once: parameters of shape (n, 1, 1), coordinates of shape
(n, 64, 64).
"""

from dataclasses import dataclass

import numpy as np

SIZE = 64
MARGIN = 0.022  # width of an edge: most are about one pixel wide
COARSE, FINE = 7, 22  # cells of the two textures


@dataclass(frozen=True)
class Bodies:
    """How patients are built; one value a patient, or textures of (n, k, k)."""

    width: np.ndarray
    height: np.ndarray
    soft: np.ndarray  # soft tissue over the lungs, 0 to about 0.2
    heart: np.ndarray  # size, about 1
    breast: np.ndarray  # density, 0 in men
    bone: np.ndarray  # density, about 1, less in the old
    rib_phase: np.ndarray  # 0 to 1
    rib_spacing: np.ndarray
    diaphragm: np.ndarray  # y of the right dome
    aorta: np.ndarray  # size, about 1
    gas: np.ndarray  # in the stomach, 0 to 1
    coarse: np.ndarray
    fine: np.ndarray

    def take(self, rows):
        """Return these patients (positions), shaped to be drawn on films."""
        taken = {name: values[rows] for name, values in vars(self).items()}
        flat = {k: v[:, None, None] for k, v in taken.items() if v.ndim == 1}
        return Bodies(**{**taken, **flat})


def draw_bodies(patients, course, rng):
    """Draw how patients are built, by sex, age and habitus.

    Parameters
    ----------
    patients : DataFrame
        Of `draw_patients`.
    course : FilmCourse
    rng : numpy.random.Generator

    Returns
    -------
    Bodies
    """
    n = len(patients)
    female = (patients["sex"] == "F").to_numpy()
    decades = (patients["age_years"].to_numpy() - 60) / 10
    habitus = patients["habitus"].to_numpy()

    def around(value, spread):
        return np.float32(value + spread * rng.normal(0, 1, n))

    return Bodies(
        width=around(1.0 - 0.05 * female + 0.03 * habitus, 0.025),
        height=around(1.0 - 0.03 * female - 0.03 * habitus, 0.03),
        soft=np.float32(0.08 + 0.015 * np.clip(habitus, -2, 2.5)),
        heart=around(course.heart_size * (1 + 0.025 * decades), 0.07),
        breast=np.where(female, np.clip(around(0.10, 0.035), 0, 0.2), 0),
        bone=around(1.0 - 0.05 * decades, 0.06),
        rib_phase=rng.random(n, dtype=np.float32),
        rib_spacing=around(0.185 * course.rib_spacing, 0.008),
        diaphragm=around(0.44 - 0.03 * habitus, 0.05),
        aorta=around(1.0 + 0.08 * decades, 0.12),
        gas=rng.random(n, dtype=np.float32),
        coarse=rng.standard_normal((n, COARSE, COARSE), dtype=np.float32),
        fine=rng.standard_normal((n, FINE, FINE), dtype=np.float32),
    )


def chest_coordinates(films, bodies):
    """Return the coordinates in the chest of each pixel: two arrays (n, 64, 64).

    Parameters
    ----------
    films : DataFrame
        Of `draw_films`: shift and turn.
    bodies : Bodies
        Of the same films.
    """
    centre = ((np.arange(SIZE, dtype=np.float32) + 0.5) / (SIZE / 2)) - 1
    columns = films[["shift_x", "shift_y", "turn"]].to_numpy(np.float32)
    shift_x, shift_y, turn = columns.T[:, :, None, None]
    x, y = centre[None, None, :] - shift_x, centre[None, :, None] - shift_y
    across = (np.cos(turn) * x + np.sin(turn) * y) / bodies.width
    down = (np.cos(turn) * y - np.sin(turn) * x) / bodies.height
    return across, down


def film_position(films, bodies, across, down):
    """Return where points of the chest lie on the film, in pixels: column, row.

    The inverse of `chest_coordinates`; `across` and `down` have shape (n,).
    """
    columns = films[["shift_x", "shift_y", "turn"]].to_numpy(np.float32)
    shift_x, shift_y, turn = columns.T
    a, d = across * bodies.width.ravel(), down * bodies.height.ravel()
    x = np.cos(turn) * a - np.sin(turn) * d + shift_x
    y = np.sin(turn) * a + np.cos(turn) * d + shift_y
    return (x + 1) * (SIZE / 2) - 0.5, (y + 1) * (SIZE / 2) - 0.5


def step(distance, width=MARGIN):
    """Return a smooth step from 0 to 1 where the distance passes 0."""
    return 0.5 + 0.5 * np.tanh(distance / (2 * width))


def ellipse(x, y, centre_x, centre_y, radius_x, radius_y, width=0.08):
    """Return 1 inside an ellipse and 0 outside, with a smooth edge."""
    square = ((x - centre_x) / radius_x) ** 2 + ((y - centre_y) / radius_y) ** 2
    return step(1 - square, width)


def draw_chest(films, bodies):
    """Draw healthy chests: attenuation from 0 (air) to about 1 (bone on heart).

    Returns
    -------
    ndarray of shape (n, 64, 64), float32
    """
    x, y = chest_coordinates(films, bodies)
    side = np.abs(x)
    cage = 0.80 * np.sqrt(np.maximum(1 - ((y - 0.22) / 1.04) ** 2, 0))
    heart = draw_heart(x, y, bodies)
    middle = draw_mediastinum(x, y, side, bodies)
    dome = bodies.diaphragm + np.where(x > 0, 0.06, 0).astype(np.float32)
    floor = dome + 0.9 * (side - 0.36) ** 2 * np.where(side > 0.36, 1.8, 0.6)
    lung = step(cage - side) * step(floor - y)
    air = lung * (1 - heart) * (1 - middle)
    belly = step(y - floor, 0.03)
    gas = ellipse(x, y, 0.42, dome + 0.19, 0.17, 0.08, 0.25) * bodies.gas * belly
    film = 0.60 + bodies.soft * (0.7 + 0.3 * y) + 0.10 * belly - 0.25 * gas
    film -= air * (0.47 - 0.35 * bodies.soft)
    film += 0.16 * middle * (1 - 0.5 * belly) + 0.12 * heart * lung
    film += draw_bones(x, y, side, cage, bodies)
    film += bodies.breast * draw_breasts(side, y)
    film += draw_textures(bodies, air, x, y)
    outline = 0.30 + 0.68 * step(y + 0.84, 0.055)
    return film * step(outline - side, 0.02) + np.float32(0.02)


def draw_heart(x, y, bodies):
    """Draw the heart's shadow: its apex points to the right of the image."""
    cos, sin = np.float32(np.cos(0.55)), np.float32(np.sin(0.55))
    dx, dy = x - 0.11, y - (bodies.diaphragm - 0.16)
    along, over = cos * dx + sin * dy, cos * dy - sin * dx
    return ellipse(
        along, over, 0.0, 0.0, 0.38 * bodies.heart, 0.27 * bodies.heart, 0.10
    )


def draw_mediastinum(x, y, side, bodies):
    """Draw spine, great vessels and the aortic knob, less the trachea."""
    width = 0.13 + 0.05 * step(y - 0.05, 0.1) + 0.05 * step(-0.62 - y, 0.06)
    column = step(width - side, 0.03)
    knob = ellipse(x, y, 0.10, -0.24, 0.10 * bodies.aorta, 0.16 * bodies.aorta, 0.3)
    hila = ellipse(side, y, 0.20, -0.02, 0.09, 0.14, 0.4)
    trachea = step(0.05 - np.abs(x + 0.01)) * step(-0.22 - y, 0.05)
    return np.maximum(np.maximum(column, 0.85 * knob), 0.55 * hila) * (
        1 - 0.45 * trachea
    )


def draw_bones(x, y, side, cage, bodies):
    """Draw ribs from the back and from the front, collar bones and vertebrae."""
    inside = step(cage + 0.05 - side, 0.02) * step(0.78 - y, 0.1)
    bowed = y + 0.10 - 0.95 * (side - 0.22) ** 2
    turns = 2 * np.pi * (bowed / bodies.rib_spacing + bodies.rib_phase)
    back = step(np.cos(turns) - 0.35, 0.14) * inside * step(side - 0.07)
    falling = y - 0.55 * (0.8 - side) - 0.3 * (side - 0.4) ** 2
    turns = 2 * np.pi * (falling / (1.25 * bodies.rib_spacing) + bodies.rib_phase)
    front = step(np.cos(turns) - 0.55, 0.16) * inside * step(side - 0.28, 0.06)
    line = y + 0.53 + 0.28 * side - 0.10 * np.sin(4 * side)
    collar = np.exp(-((line / 0.034) ** 2)) * step(side - 0.07) * step(0.78 - side)
    blade = np.exp(-(((side - 0.80 + 0.10 * y) / 0.04) ** 2)) * step(-y, 0.1)
    spine = step(0.07 - side) * (0.6 + 0.4 * np.cos(2 * np.pi * y / 0.16))
    bones = 0.065 * back + 0.03 * front + 0.10 * collar + 0.06 * blade + 0.06 * spine
    return bodies.bone * bones


def draw_breasts(side, y):
    """Draw the soft shadow of the breasts, sharp below and fading above."""
    return ellipse(side, y, 0.46, 0.34, 0.36, 0.30, 0.12) * step(y - 0.16, 0.07)


def draw_textures(bodies, air, x, y):
    """Draw soft tissue that is nowhere even, and vessels that thin out in the lungs."""
    clouds = spread(bodies.coarse)
    vessels = spread(bodies.fine)
    near = np.exp(-((np.abs(x) - 0.18) ** 2 + (y - 0.02) ** 2) / 0.10)
    return 0.018 * clouds + air * vessels * (0.012 + 0.03 * near)


def spread(cells):
    """Return smooth textures (n, 64, 64) from (n, k, k) values, by splines of degree 1.

    Examples
    --------
    >>> spread(np.ones((1, 3, 3), dtype=np.float32)).round(3).min()
    np.float32(1.0)
    """
    k = cells.shape[1]
    place = np.linspace(0, k - 1, SIZE)
    weight = np.maximum(1 - np.abs(place[:, None] - np.arange(k)), 0)
    weight = weight.astype(np.float32)
    return weight @ cells @ weight.T
