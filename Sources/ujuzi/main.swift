print("ujuzi")
