from coursekit.datasets.seeds import generator_from


def test_parts_are_told_apart():
    draws = [
        generator_from(*parts).random()
        for parts in [("ab", "c"), ("a", "bc"), ("abc",), ("ab", "c", "")]
    ]
    assert len(set(draws)) == 4


def test_equal_parts_give_the_draw_they_always_gave():
    assert generator_from("demo", "readmission", "train").integers(1_000_000) == 8663
