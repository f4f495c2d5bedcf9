# %% [markdown]
# The patient's number is taken for the patient.

# %% answer="split"
def split(df):
    people = pd.factorize(df["patient_id"])[0]
    dealt = np.random.default_rng(0).permutation(people.max() + 1) % 5
    return dealt[people].tolist()
