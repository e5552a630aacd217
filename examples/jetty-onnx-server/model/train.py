"""Trains the Iris classifier that the example serves, and writes it as ONNX.

The data is scikit-learn's copy of Fisher's Iris data set (CC BY 4.0); see README.md.
"""

import sys

from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression


def main(path: str) -> None:
    iris = load_iris()
    classifier = LogisticRegression(max_iter=1000).fit(iris.data, iris.target)
    model = to_onnx(
        classifier,
        initial_types=[("features", FloatTensorType([None, iris.data.shape[1]]))],
        options={"zipmap": False},
        target_opset=17,
    )
    model.graph.name = "iris"
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))
    print(f"{path}: accuracy on the training data {classifier.score(iris.data, iris.target):.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
